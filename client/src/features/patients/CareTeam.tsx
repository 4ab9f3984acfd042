import { useFragment, useMutation, useQuery } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { CareRole, CareTeamPartsFragment } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { formatDateTime, formatDay } from '../../ui/format';
import { notifyDone } from '../../ui/notify';
import { Panel } from '../../ui/Panel';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { CareTeamParts } from './fragments';

const StaffForCareTeam = graphql(`
  query StaffForCareTeam {
    staff {
      id
      name
      role
    }
  }
`);

const AddToCareTeam = graphql(`
  mutation AddToCareTeam($input: CareTeamInput!) {
    addCareTeamMember(input: $input) {
      ...CareTeamParts
    }
  }
`);

const RemoveFromCareTeam = graphql(`
  mutation RemoveFromCareTeam($input: CareTeamInput!) {
    removeCareTeamMember(input: $input) {
      ...CareTeamParts
    }
  }
`);

const careRoles: CareRole[] = ['ATTENDING', 'CONSULTING', 'NURSING', 'COVERING', 'OTHER'];

/** The end of a day where the reader is; null for no day. */
function endOf(day: string | null): string | null {
  if (!day) return null;
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

type Member = CareTeamPartsFragment['careTeam'][number];

/** Who cares for the patient, and so may open the record. */
export function CareTeam({ patient }: { patient: FragmentType<CareTeamPartsFragment> }) {
  const { t } = useTranslation();
  const mayChange = useMay('CARE_TEAM_WRITE');
  const { data, complete } = useFragment({ fragment: CareTeamParts, from: patient });
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const [remove] = useMutation(RemoveFromCareTeam);
  if (!complete) return null;
  return (
    <Panel
      title={t('careTeam.title')}
      action={
        mayChange ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('careTeam.add')}
          </Button>
        ) : null
      }
    >
      {data.careTeam.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('careTeam.none')}
        </Text>
      ) : null}
      <Stack component="ul" gap={8} m={0} p={0} style={{ listStyle: 'none' }}>
        {data.careTeam.map((member) => (
          <Group component="li" key={member.id} justify="space-between" wrap="nowrap" gap="sm">
            <div>
              <Text size="sm">
                {member.user.name} <Badge color="gray">{t(`role.${member.user.role}`)}</Badge>
              </Text>
              <Text size="xs" c="dimmed">
                {member.careRole ? `${t(`careTeam.role.${member.careRole}`)} · ` : ''}
                {t('patient.since', { when: formatDay(member.since) })}
                {member.until ? `, ${t('careTeam.untilDay', { when: formatDateTime(member.until) })}` : ''}
              </Text>
            </div>
            {mayChange ? (
              <Button
                size="compact-xs"
                variant="subtle"
                mih={24}
                flex="none"
                aria-label={t('careTeam.removeName', { name: member.user.name })}
                onClick={() => setLeaving(member)}
              >
                {t('careTeam.remove')}
              </Button>
            ) : null}
          </Group>
        ))}
      </Stack>
      {adding ? <AddMember patientId={data.id} members={data.careTeam} onClose={() => setAdding(false)} /> : null}
      <ReasonDialog
        opened={leaving !== null}
        askReason={false}
        onClose={() => setLeaving(null)}
        title={t('careTeam.removeTitle')}
        text={t('careTeam.removeText', { name: leaving?.user.name ?? '' })}
        confirmLabel={t('careTeam.remove')}
        onConfirm={async () => {
          if (leaving) await remove({ variables: { input: { patientId: data.id, userId: leaving.user.id } } });
        }}
      />
    </Panel>
  );
}

function AddMember({ patientId, members, onClose }: { patientId: string; members: Member[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [userId, setUserId] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [careRole, setCareRole] = useState<CareRole | null>(null);
  const [lastDay, setLastDay] = useState<string | null>(null);
  const { data, error } = useQuery(StaffForCareTeam);
  const [add, { loading, error: refused }] = useMutation(AddToCareTeam);
  const treating = ['DOCTOR', 'CLINICIAN', 'NURSE'];
  const choices = (data?.staff ?? []).filter(
    (person) => treating.includes(person.role) && !members.some((member) => member.user.id === person.id),
  );
  const submit = async () => {
    if (!userId) return setMissing(true);
    await add({ variables: { input: { patientId, userId, careRole, until: endOf(lastDay) } } });
    notifyDone(t('careTeam.added'));
    onClose();
  };
  return (
    <FormDialog
      title={t('careTeam.add')}
      confirmLabel={t('careTeam.addButton')}
      busy={loading}
      fault={error ?? refused}
      onClose={onClose}
      // A refusal shows in the dialog.
      onSubmit={() => submit().catch(() => undefined)}
    >
      <Select
        label={t('careTeam.person')}
        data={choices.map((person) => ({
          value: person.id,
          label: `${person.name} · ${t(`role.${person.role}`)}`,
        }))}
        searchable
        required
        openOnFocus={false} // the list would lie over the other fields
        nothingFoundMessage={t('careTeam.nobody')}
        value={userId}
        error={missing ? t('validation.required') : undefined}
        onChange={(id) => {
          setUserId(id);
          setMissing(false);
        }}
        data-autofocus
      />
      <Select
        label={t('careTeam.as')}
        placeholder={t('careTeam.asOther')}
        data={careRoles.map((role) => ({ value: role, label: t(`careTeam.role.${role}`) }))}
        value={careRole}
        onChange={(role) => setCareRole(role as CareRole | null)}
        clearable
        clearButtonProps={{ 'aria-label': t('form.clearDate', { label: t('careTeam.as') }) }}
      />
      <DateField
        id="care-team-until"
        label={t('careTeam.until')}
        description={t('careTeam.untilHint')}
        value={lastDay}
        onChange={setLastDay}
      />
    </FormDialog>
  );
}
