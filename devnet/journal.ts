import { createHash } from 'node:crypto';
import {
    closeSync,
    existsSync,
    fsyncSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** A JSON value per line, each after its checksum: a line that was not written to its end is known by it. */
function toLine(record: unknown): Buffer {
    const json = JSON.stringify(record);
    return Buffer.from(`${checksum(json)} ${json}\n`);
}

const checksum = (json: string | Buffer): string => createHash('sha256').update(json).digest('hex').slice(0, 16);

/** The record of a line without its line feed; undefined if it is none. */
function fromLine(line: Buffer): unknown {
    const json = line.subarray(17);
    return line.subarray(0, 17).toString() === `${checksum(json)} ` ? JSON.parse(json.toString()) : undefined;
}

/** Writes and flushes all of it. */
function writeWhole(path: string, flags: string, content: Buffer): void {
    const file = openSync(path, flags);
    try {
        for (let written = 0; written < content.length;) {
            written += writeSync(file, content, written);
        }
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
}

function syncDirectory(path: string): void {
    const directory = openSync(dirname(resolve(path)), 'r');
    try {
        fsyncSync(directory);
    } finally {
        closeSync(directory);
    }
}

/**
 * The state file: records that are only ever added at its end. A record is on the disk before anybody hears of what it
 * says, and whoever opens the file finds each record whole or not at all, wherever the last writer was killed.
 */
export class Journal {
    private constructor(
        readonly path: string,
        private readonly file: FileHandle,
        /** Where the last whole record ends, in bytes. */
        private length: number,
    ) {}

    /**
     * Opens a file with its records, and cuts off a last one that was not written to its end; null if there is no file or
     * nothing in it. Throws for a file of any other kind, and for one that another process writes to.
     */
    static async open(path: string): Promise<{ journal: Journal; records: unknown[] } | null> {
        if (!(statSync(path, { throwIfNoEntry: false })?.size ?? 0)) {
            return null;
        }
        lock(path);
        try {
            const { records, length } = read(path);
            const file = await open(path, 'r+');
            await file.truncate(length);
            return { journal: new Journal(path, file, length), records };
        } catch (error) {
            rmSync(lockPath(path), { force: true });
            throw error;
        }
    }

    /** Makes a file with these records: all of them or no file. */
    static async create(path: string, records: unknown[]): Promise<Journal> {
        lock(path);
        const temporary = `${path}.new`;
        const content = Buffer.concat(records.map(toLine));
        writeWhole(temporary, 'w', content);
        renameSync(temporary, path);
        syncDirectory(path);
        return new Journal(path, await open(path, 'r+'), content.length);
    }

    /** Returns when the record is on the disk. If it throws, the file is as it was before. */
    async append(record: unknown): Promise<void> {
        const line = toLine(record);
        try {
            for (let written = 0; written < line.length;) {
                const { bytesWritten } = await this.file.write(
                    line,
                    written,
                    line.length - written,
                    this.length + written,
                );
                written += bytesWritten;
            }
            await this.file.datasync();
        } catch (error) {
            await this.file.truncate(this.length);
            throw error;
        }
        this.length += line.length;
    }

    async close(): Promise<void> {
        await this.file.close();
        rmSync(lockPath(this.path), { force: true });
    }
}

function read(path: string): { records: unknown[]; length: number } {
    const content = readFileSync(path);
    const records: unknown[] = [];
    let length = 0;
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, length)) {
        const record = fromLine(content.subarray(length, end));
        if (record === undefined) {
            break;
        }
        records.push(record);
        length = end + 1;
    }
    if (records.length === 0) {
        throw new Error(`${path} is no state file of a devnet; nothing in it was changed.`);
    }
    // A writer adds one record at a time, so only the last one can be unfinished
    const rest = content.indexOf(10, length);
    if (rest >= 0 && rest + 1 < content.length) {
        throw new Error(`${path} is damaged after ${records.length} records; nothing in it was changed.`);
    }
    return { records, length };
}

const lockPath = (path: string): string => `${path}.lock`;

/** Two devnets that write to one file would destroy it. A lock whose process is gone (kill -9) does not count. */
function lock(path: string): void {
    const own = lockPath(path);
    if (existsSync(own)) {
        const owner = Number(readFileSync(own, 'utf8'));
        if (owner !== process.pid && isRunning(owner)) {
            throw new Error(`${path} is in use by process ${owner} (${own}).`);
        }
        rmSync(own, { force: true });
    }
    writeWhole(own, 'wx', Buffer.from(String(process.pid)));
}

function isRunning(pid: number): boolean {
    try {
        return pid > 0 && process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
}
