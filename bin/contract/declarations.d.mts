/** A type as a declaration file writes it. */
export type Type =
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "union"; readonly members: readonly Type[] }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "reference"; readonly path: readonly string[]; readonly args: readonly Type[] };

export type Member =
  | { readonly kind: "index"; readonly type: Type }
  | { readonly kind: "property"; readonly name: string; readonly isOptional: boolean; readonly type: Type };

export type Declared =
  | { readonly kind: "alias"; readonly type: Type; readonly scope: Scope }
  | {
      readonly kind: "interface";
      readonly bases: readonly Type[];
      readonly members: readonly Member[];
      readonly scope: Scope;
    };

export interface Scope {
  readonly parent: Scope | null;
  readonly types: ReadonlyMap<string, Declared>;
  readonly spaces: ReadonlyMap<string, Scope>;
  /** Of a file's own scope: a name, and the path that it is imported from. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Throws where the source is written in a way that the SDK's resources are not. */
export function readDeclarations(source: string, file: string): Scope;
export function lookUp(scope: Scope, path: readonly string[]): Declared | null;
export function everyType(
  scope: Scope,
): Iterable<{ readonly path: readonly [string, ...string[]]; readonly type: Declared }>;
