import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { EmulatorAbort } from './emulator';

/** The biggest body that is read. */
const MAX_BODY = 1024 * 1024;

/** A request that cannot be answered, with its status and the reason for the client. */
export class RequestError extends Error {
    override readonly name = 'RequestError';

    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

/** A request; `body` is parsed JSON, undefined where there is none. */
export type Request = {
    method: 'GET' | 'POST';
    /** Decoded, without empty segments. */
    path: string[];
    /** What is given more than once is joined with commas. */
    query: Record<string, string>;
    body: unknown;
};

/** What goes back: JSON unless `html` is given. */
export type Reply = { status?: number; json: unknown } | { status?: number; html: string };

/** One of the APIs. `fail` gives an error the shape in which its clients read it. */
export type Api = {
    /** The first segments of the paths that it serves. */
    prefix: string[];
    handle(request: Request): Promise<Reply> | Reply;
    fail(error: RequestError, request: Request | null): Reply;
};

/** Serves the APIs; the first one whose prefix fits takes a request. */
export function createHttpServer(apis: Api[]): Server {
    const server = createServer((incoming, outgoing) => {
        answer(apis, incoming)
            .then((reply) => write(outgoing, reply, incoming.method === 'HEAD'))
            .catch((error: unknown) => {
                // The client is gone, or there is no answering it
                process.stderr.write(`${String(error)}\n`);
                outgoing.destroy();
            });
    });
    // A client that sends while the server hangs up for idleness has its request lost, so no client is idle that long
    server.keepAliveTimeout = 120_000;
    return server;
}

async function answer(apis: Api[], incoming: IncomingMessage): Promise<Reply | null> {
    if (incoming.method === 'OPTIONS') {
        return null;
    }
    const fallback = apis.at(-1);
    let api = fallback;
    let request: Request | null = null;
    try {
        const [, raw = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(incoming.url ?? '') ?? [];
        const segments = raw.split('/').filter((segment) => segment !== '');
        api = apis.find(({ prefix }) => prefix.every((segment, index) => segments[index] === segment)) ?? fallback;
        const path = decodePath(segments);
        const query = parseQuery(search);
        const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
        if (!isRead && incoming.method !== 'POST') {
            throw new RequestError(405, `The method ${incoming.method} is not served: GET and POST are.`);
        }
        request = { method: isRead ? 'GET' : 'POST', path: path.slice(api?.prefix.length), query, body: undefined };
        if (!isRead) {
            request.body = await readBody(incoming);
        }
        if (!api) {
            throw new RequestError(404, 'Nothing is served here.');
        }
        return await api.handle(request);
    } catch (error) {
        if (!api) {
            throw error;
        }
        return api.fail(asRequestError(error), request);
    }
}

function asRequestError(error: unknown): RequestError {
    if (error instanceof RequestError) {
        return error;
    }
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') {
        return new RequestError(400, 'The request ended before its body did.');
    }
    if (error instanceof EmulatorAbort) {
        return new RequestError(422, error.message);
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return new RequestError(500, error instanceof Error ? error.message : String(error));
}

function decodePath(segments: string[]): string[] {
    try {
        return segments.map((segment) => decodeURIComponent(segment));
    } catch {
        throw new RequestError(400, 'The path of the request cannot be read.');
    }
}

function parseQuery(search: string): Request['query'] {
    const params = new URLSearchParams(search);
    return Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name).join()]));
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
        length += chunk.length;
        // What is too much is read to its end all the same: a client that still sends does not see an answer
        if (length <= MAX_BODY) {
            chunks.push(chunk);
        }
    }
    if (length > MAX_BODY) {
        throw new RequestError(413, `The body is larger than ${MAX_BODY} bytes.`);
    }
    try {
        return length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
    } catch {
        throw new RequestError(400, 'The body is no JSON.');
    }
}

function write(outgoing: ServerResponse, reply: Reply | null, isHead: boolean): void {
    outgoing.setHeader('Access-Control-Allow-Origin', '*');
    outgoing.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    outgoing.setHeader('Access-Control-Allow-Headers', '*');
    if (!reply) {
        outgoing.writeHead(204).end();
        return;
    }
    const [type, text] =
        'html' in reply
            ? ['text/html; charset=utf-8', reply.html]
            : ['application/json; charset=utf-8', JSON.stringify(reply.json)];
    // Nothing that a page shows can run, whatever somebody has put on the chain
    outgoing.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    outgoing.setHeader('Content-Type', type);
    outgoing.setHeader('Cache-Control', 'no-store');
    outgoing.setHeader('Content-Length', Buffer.byteLength(text));
    outgoing.writeHead(reply.status ?? 200).end(isHead ? undefined : text);
}
