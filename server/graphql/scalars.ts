import { GraphQLDateTime, GraphQLLocalDate } from 'graphql-scalars';

/** Moment with time zone, RFC 3339; a `Date` in the code. */
export const DateTime = GraphQLDateTime;

/** Calendar date, `2026-09-09`; a string in the code, since a birthday has no time zone. */
export const LocalDate = GraphQLLocalDate;
