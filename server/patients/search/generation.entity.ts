import { Column, Entity, PrimaryColumn } from 'typeorm';
import { json } from '../../crypto/codec';
import { SEARCH_OWNER } from '../../crypto/keyring';
import { SealedColumn, SealedRow } from '../../database/sealed-column';
import type { GenerationState } from './generation';
import type { StoredPlan } from './plan';

/**
 * A search generation as it is stored. The plan is sealed under the generation's own key: it lives and goes with it, and
 * its envelope names the key.
 */
@Entity('search_generation')
@SealedRow<SearchGenerationRow>('search_generation', { id: SEARCH_OWNER })
export class SearchGenerationRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ type: 'integer' })
  version!: number;

  /** Data key of this generation, decimal. */
  @Column({ name: 'key_id', type: 'bigint' })
  keyId!: string;

  @SealedColumn(json<StoredPlan>(), { group: 'searchPlan', meaning: 'How common search terms are split' })
  plan!: StoredPlan;

  @Column({ type: 'text' })
  state!: GenerationState;

  /** How many patients there were when it was built. */
  @Column({ type: 'bigint' })
  patients!: string;

  /** Whether its rows tell what patients have in common with staff. */
  @Column({ type: 'boolean' })
  likeness!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
}
