import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** A public member of a class. */
export type ReferenceMember = {
    name: string;
    doc: string;
    /** As the caller of an opened contract sees it: without the provider that `client.open` fills in. */
    declaration: string;
};

/** One export of the package. */
export type ReferenceItem = {
    name: string;
    kind: 'class' | 'function' | 'constant' | 'type';
    /** The module that declares it, relative to wrappers/ and without `.ts`. */
    module: string;
    doc: string;
    /** Of a type that is not exported: the public item that is made of it. */
    partOf: string | null;
    parameters: { name: string; doc: string }[];
    /** The code of `@example`; null without one. */
    example: string | null;
    declaration: string;
    members: ReferenceMember[];
};

/** An import path of the package and what it exports. */
export type ReferenceSection = { path: string; items: ReferenceItem[] };

const WRAPPERS = join(__dirname, '..', '..', 'wrappers');
const OPTIONS: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    strict: true,
};

/** Longer values, the code of a contract, are left out. */
const MAX_VALUE_LENGTH = 3000;

/** Reads the public API out of wrappers/: `gramhouse` has everything, and is listed with what no other path has. */
export function readReference(): ReferenceSection[] {
    const program = ts.createProgram([join(WRAPPERS, 'index.ts'), join(WRAPPERS, 'code.ts')], OPTIONS);
    const checker = program.getTypeChecker();
    const exportsOf = (file: string): ts.Symbol[] => {
        const source = program.getSourceFile(join(WRAPPERS, file));
        const symbol = source && checker.getSymbolAtLocation(source);
        if (!symbol) {
            throw new Error(`wrappers/${file} exports nothing`);
        }
        return checker
            .getExportsOfModule(symbol)
            .map((found) => (found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found));
    };
    const usernames = exportsOf('usernames/index.ts');
    const ads = exportsOf('ads/index.ts');
    const rest = exportsOf('index.ts').filter((symbol) => !usernames.includes(symbol) && !ads.includes(symbol));
    const code = exportsOf('code.ts');
    const shown = new Set([...usernames, ...ads, ...rest, ...code]);
    const read = (symbols: ts.Symbol[]): ReferenceItem[] => {
        const items = symbols.map((symbol) => readItem(checker, symbol));
        // Types that a public one is made of are shown as well; those that they are made of in turn are added behind them
        const open: { owner: string; symbol: ts.Symbol }[] = symbols.map((symbol) => ({ owner: symbol.name, symbol }));
        for (const { owner, symbol } of open) {
            for (const part of typesIn(checker, symbol).filter((found) => !shown.has(found))) {
                shown.add(part);
                open.push({ owner, symbol: part });
                items.push({ ...readItem(checker, part), partOf: owner });
            }
        }
        return items.sort(byModule);
    };
    return [
        { path: 'gramhouse/usernames', items: read(usernames) },
        { path: 'gramhouse/ads', items: read(ads) },
        { path: 'gramhouse', items: read(rest) },
        { path: 'gramhouse/code', items: read(code) },
    ];
}

/** The types of wrappers/ that a declaration names, but for what is inside of functions and private. */
function typesIn(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol[] {
    const found: ts.Symbol[] = [];
    const visit = (node: ts.Node): void => {
        const isPrivate =
            ts.isClassElement(node) && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
        if (ts.isBlock(node) || isPrivate) {
            return;
        }
        if (ts.isTypeReferenceNode(node)) {
            const named = checker.getSymbolAtLocation(node.typeName);
            const type = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
            const declaration = type?.declarations?.[0];
            if (type && declaration && isOurs(declaration) && !ts.isTypeParameterDeclaration(declaration)) {
                found.push(type);
            }
        }
        node.forEachChild(visit);
    };
    symbol.declarations?.forEach(visit);
    return found;
}

const isOurs = (node: ts.Node): boolean => node.getSourceFile().fileName.startsWith(WRAPPERS);

const KINDS: ReferenceItem['kind'][] = ['class', 'function', 'constant', 'type'];

/** By module, contracts first; within one by kind, and otherwise as the declarations stand. */
function byModule(a: ReferenceItem, b: ReferenceItem): number {
    if (a.module === b.module) {
        return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    }
    return a.module < b.module ? -1 : 1;
}

function readItem(checker: ts.TypeChecker, symbol: ts.Symbol): ReferenceItem {
    const node = symbol.declarations?.[0];
    if (!node) {
        throw new Error(`${symbol.name} has no declaration`);
    }
    const tags = symbol.getJsDocTags(checker);
    const item = {
        name: symbol.name,
        module: node
            .getSourceFile()
            .fileName.slice(WRAPPERS.length + 1)
            .replace(/\.ts$/, ''),
        doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
        partOf: null,
        parameters: tags.filter((tag) => tag.name === 'param').map(readParameter),
        example: readExample(tags),
        members: [],
    };
    if (ts.isFunctionDeclaration(node)) {
        return { ...item, kind: 'function', declaration: `function ${symbol.name}${signatureOf(node)};` };
    }
    if (ts.isClassDeclaration(node)) {
        const isPublic = (member: ts.ClassElement) => !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private);
        const members = node.members.filter(isPublic);
        return {
            ...item,
            kind: 'class',
            declaration: classHead(node, members),
            members: readMembers(checker, members),
        };
    }
    if (ts.isVariableDeclaration(node)) {
        const value = node.getText();
        const type = checker.typeToString(checker.getTypeAtLocation(node));
        const declaration = `const ${value.length > MAX_VALUE_LENGTH ? `${symbol.name}: ${type}` : value};`;
        return { ...item, kind: 'constant', declaration };
    }
    if (ts.isTypeAliasDeclaration(node)) {
        return { ...item, kind: 'type', declaration: node.getText().replace(/^export /, '') };
    }
    throw new Error(`${symbol.name} is a ${ts.SyntaxKind[node.kind]}, which this program cannot show`);
}

function readParameter(tag: ts.JSDocTagInfo): { name: string; doc: string } {
    const [, name = '', doc = ''] = /^(\S+)\s+([^]*)$/.exec(ts.displayPartsToString(tag.text)) ?? [];
    return { name, doc };
}

function readExample(tags: ts.JSDocTagInfo[]): string | null {
    const tag = tags.find(({ name }) => name === 'example');
    return tag ? ts.displayPartsToString(tag.text).replace(/^```ts\n|\n```$/g, '') : null;
}

function readMembers(checker: ts.TypeChecker, members: ts.ClassElement[]): ReferenceMember[] {
    return members.flatMap((member) => {
        if (!ts.isMethodDeclaration(member) && !ts.isGetAccessorDeclaration(member)) {
            return [];
        }
        const symbol = checker.getSymbolAtLocation(member.name);
        const name = member.name.getText();
        const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
        const word = ts.isGetAccessorDeclaration(member) ? 'get ' : isStatic ? 'static ' : '';
        return {
            name,
            doc: symbol ? ts.displayPartsToString(symbol.getDocumentationComment(checker)) : '',
            declaration: `${word}${name}${signatureOf(member)};`,
        };
    });
}

/** A class with its fields and constructor, without its methods. */
function classHead(node: ts.ClassDeclaration, members: ts.ClassElement[]): string {
    const heritage = (node.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join('');
    const shown = members.flatMap((member) => {
        if (ts.isConstructorDeclaration(member)) {
            return `constructor(${member.parameters.map((parameter) => parameter.getText()).join(', ')}) {}`;
        }
        // With its comment
        return ts.isPropertyDeclaration(member) ? member.getFullText().trim() : [];
    });
    return `class ${node.name?.text}${heritage} {\n${shown.join('\n')}\n}`;
}

function signatureOf(node: ts.SignatureDeclaration): string {
    const parameters = node.parameters
        .map((parameter) => parameter.getText())
        .filter((text) => text !== 'provider: ContractProvider');
    const generics = node.typeParameters?.map((parameter) => parameter.getText()).join(', ');
    return `${generics ? `<${generics}>` : ''}(${parameters.join(', ')})${node.type ? `: ${node.type.getText()}` : ''}`;
}

/** The fields of the one type in a file, with their docstrings. */
export function readFields(file: string): { name: string; type: string; doc: string }[] {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    const type = source.statements.find(ts.isTypeAliasDeclaration)?.type;
    if (!type || !ts.isTypeLiteralNode(type)) {
        throw new Error(`${file} has no type with fields`);
    }
    return type.members.filter(ts.isPropertySignature).map((field) => ({
        name: field.name.getText(),
        type: (field.type?.getText() ?? '').replace(/\s+/g, ' '),
        doc: ts
            .getJSDocCommentsAndTags(field)
            .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
            .join(' '),
    }));
}
