import { Field, ID, InterfaceType } from 'type-graphql';

/** Relay's Node: anything that has an id of its own and can be fetched again by it. */
@InterfaceType({ description: 'Anything with an id of its own that `node(id:)` can fetch again.' })
export abstract class Node {
  @Field(() => ID, { description: 'UUIDv7, unique over all types.' })
  id!: string;
}
