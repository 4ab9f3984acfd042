import { type GraphQLFieldResolver, type GraphQLObjectType, isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql'; // prettier-ignore
import { applyMiddleware } from 'graphql-middleware';
import { allow, deny, rule, shield } from 'graphql-shield';
import type { IRules } from 'graphql-shield';
import { forbidden, mustEnrol, unauthenticated } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { operationTable, reachFor, typeTable, type Demand, type Permission } from './permissions';

type ShieldRule = ReturnType<ReturnType<typeof rule>>;

// Cached `contextual`: the answer depends on the actor alone. Row-level conditions live in access/policy.ts.
const ownAccount = rule('ownAccount', { cache: 'contextual' })((_parent, _args, { actor }: RequestContext) => {
  if (!actor.id) return unauthenticated();
  return actor.kind === 'client' ? forbidden() : true; // another system has no account to look after
});
const signedIn = rule('signedIn', { cache: 'contextual' })((_parent, _args, { actor }: RequestContext) => {
  if (!actor.id) return unauthenticated();
  if (actor.kind === 'client') return forbidden();
  return actor.mustEnrol ? mustEnrol() : true;
});

const made = new Map<Permission, ShieldRule>();

function holds(permission: Permission): ShieldRule {
  let found = made.get(permission);
  if (!found) {
    found = rule(`holds ${permission}`, { cache: 'contextual' })((_parent, _args, { actor }: RequestContext) => {
      if (!actor.id) return unauthenticated();
      if (actor.mustEnrol) return mustEnrol();
      return reachFor(actor, permission) ? true : forbidden();
    });
    made.set(permission, found);
  }
  return found;
}

function ruleFor(demand: Demand): ShieldRule | typeof allow {
  if (demand === 'public') return allow;
  if (demand === 'ownAccount') return ownAccount;
  return demand === 'signedIn' ? signedIn : holds(demand);
}

/** What the schema has and the permission tables lack; empty when every type and operation has its rule. */
export function unruled(schema: GraphQLSchema): string[] {
  return ownObjectTypes(schema).flatMap((type) => {
    const roots = operationTable[type.name as keyof typeof operationTable];
    if (roots)
      return Object.keys(type.getFields())
        .filter((field) => !(field in roots))
        .map((field) => `${type.name}.${field}`);
    return type.name in typeTable ? [] : [type.name];
  });
}

/**
 * Puts graphql-shield's role rules before the resolvers. Throws at start when a type or operation has no rule; at run time
 * everything else is denied.
 *
 * Shield wraps every field it is told of in an async function. A `withParent` type, or a field of a type whose door was
 * already checked, would pay that for a rule that always says yes; so type rules guard the fields that lead *into* a type.
 */
export function applyShield(schema: GraphQLSchema): GraphQLSchema {
  const missing = unruled(schema);
  if (missing.length > 0) throw new Error(`No permission rule for: ${missing.join(', ')}.`);

  const rules: Record<string, Record<string, ShieldRule | typeof allow | typeof deny>> = {};
  for (const type of ownObjectTypes(schema)) {
    const roots = operationTable[type.name as keyof typeof operationTable];
    for (const field of Object.values(type.getFields())) {
      const demand = roots ? roots[field.name] : guardOf(field.type.toString().replace(/[[\]!]/g, ''));
      if (demand) (rules[type.name] ??= {})[field.name] = ruleFor(demand);
    }
  }
  const generator = shield(rules as IRules, {
    fallbackRule: deny,
    fallbackError: () => forbidden(),
    allowExternalErrors: true,
  });
  // Shield fills in its fallback for every field not named above; those are exactly the withParent fields found complete.
  const generated = generator.generate(schema) as Record<string, Record<string, unknown>>;
  const wanted = Object.fromEntries(
    Object.entries(rules).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.keys(fields).map((field) => [field, generated[type]?.[field]])),
    ]),
  );
  const guarded = applyMiddleware(schema, wanted as Parameters<typeof applyMiddleware>[1]);
  guardOpening(guarded, generated.Subscription ?? {});
  return guarded;
}

type Guard = (open: GraphQLFieldResolver<unknown, unknown>, ...asked: Parameters<GraphQLFieldResolver<unknown, unknown>>) => unknown; // prettier-ignore

/** Of a subscription the middleware guards each event; whoever may not have any may not open it either. */
function guardOpening(schema: GraphQLSchema, guards: Record<string, unknown>): void {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field;
    const guard = guards[field.name] as Guard;
    if (subscribe) field.subscribe = (...asked) => guard(subscribe, ...asked);
  }
}

/** The permission that seeing a value of this type demands, if the type has one. */
function guardOf(typeName: string): Permission | null {
  const demand = typeTable[typeName];
  return demand && demand !== 'withParent' ? demand : null;
}

function ownObjectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !isIntrospectionType(type),
  );
}
