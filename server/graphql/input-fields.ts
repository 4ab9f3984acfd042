import { IsOptional, IsUUID, Length, MaxLength, Min } from 'class-validator';
import { Field, ID, Int } from 'type-graphql';

/** Longest free text taken for one field, in characters. */
export const LONG_TEXT = 20_000;

/** Id of a row: a UUID. */
export function Id(description: string): PropertyDecorator {
  return together(
    Field(() => ID, { description }),
    IsUUID(),
  );
}

/** Id of a row that may be left out. */
export function OptionalId(description: string): PropertyDecorator {
  return together(
    Field(() => ID, { nullable: true, description }),
    IsOptional(),
    IsUUID(),
  );
}

/** The version an edit was made from, so that nobody overwrites what they have not seen. */
export function ExpectedVersion(): PropertyDecorator {
  const description = 'The version that was read; CONFLICT when it is no longer the current one.';
  return together(
    Field(() => Int, { description }),
    Min(1),
  );
}

/** Lets a caller repeat a create whose answer was lost. */
export function IdempotencyKey(): PropertyDecorator {
  const description = 'Same key, same caller: the first answer again, nothing written twice.';
  return together(
    Field(() => String, { nullable: true, description }),
    IsOptional(),
    Length(8, 200),
  );
}

/** Free text that may be left out, or be null to clear it. */
export function OptionalText(description: string, longest = LONG_TEXT): PropertyDecorator {
  return together(
    Field(() => String, { nullable: true, description }),
    IsOptional(),
    MaxLength(longest),
  );
}

function together(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}
