import { graphql } from '../../gql';

export const MergeParts = graphql(`
  fragment MergeParts on Patient {
    id
    version
    merges {
      id
      mrn
      reason
      mergedAt
      mergedBy {
        id
        name
      }
    }
  }
`);

export const MergePreview = graphql(`
  query MergePreview($keepId: ID!, $mergeId: ID!) {
    mergePreview(keepId: $keepId, mergeId: $mergeId) {
      differing
      keep {
        createdAt
        confidential
        ...EditParts @unmask
      }
      merge {
        createdAt
        confidential
        ...EditParts @unmask
      }
      keepHolds {
        visits
        treatmentUpdates
        careTeam
      }
      mergeHolds {
        visits
        treatmentUpdates
        careTeam
      }
    }
  }
`);

export const MergePatients = graphql(`
  mutation MergePatients($input: MergePatientsInput!) {
    mergePatients(input: $input) {
      patient {
        id
        ...MergeParts
      }
    }
  }
`);

export const UnmergePatients = graphql(`
  mutation UnmergePatients($input: UnmergePatientsInput!) {
    unmergePatients(input: $input) {
      kept {
        id
        ...MergeParts
      }
      restored {
        id
        mrn
      }
      fieldsStayed
      visitsStayed
      treatmentUpdatesStayed
    }
  }
`);

export const LikelyDuplicates = graphql(`
  query LikelyDuplicates($input: SimilarPatientsInput!) {
    similarPatients(input: $input) {
      because
      patient {
        ...DuplicateParts @unmask
      }
    }
  }
`);

export const FoundDuplicates = graphql(`
  query FoundDuplicates($search: String!) {
    patients(search: $search, first: 10) {
      edges {
        node {
          ...DuplicateParts @unmask
        }
      }
    }
  }
`);

export const DuplicateParts = graphql(`
  fragment DuplicateParts on Patient {
    id
    mrn
    name {
      family
      given
    }
    birthDate
    gender
    confidential
  }
`);
