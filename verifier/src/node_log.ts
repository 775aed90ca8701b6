// SPDX-License-Identifier: EUPL-1.2
// node_log.ts - the command that checks a whole public log: `node verifier.mjs check-log LOG --policy FILE`.
import { statSync } from "node:fs";
import { auditLog, logToJson } from "./log_audit";
import { LogFolder } from "./log_folder";
import { LogAddress, type LogSource } from "./log_source";
import { type Lang, printResult, printVerdict, readFile, UnreadableError, write } from "./node_io";
import { readPolicy } from "./note";
import { LOG_SENTENCES } from "./sentences_log";
import { readTrust } from "./trust";

export interface LogOptions {
    /** A folder or an address. */
    log: string;
    policy: string;
    trust: string;
    bundle: string;
    earlier: string | null;
    isJson: boolean;
    lang: Lang;
}

function openLog(log: string): LogSource {
    if (/^https?:\/\//.test(log)) return new LogAddress(log);
    if (statSync(log, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UnreadableError(`${log} is not a folder`, 3);
    return new LogFolder(log);
}

export async function checkLog(o: LogOptions): Promise<number> {
    const source = openLog(o.log);
    const policy = readFile(o.policy, 4, readPolicy);
    const trust = o.trust === "" ? null : readFile(o.trust, 4, readTrust);
    const read = (path: string | null) => (path === null || path === "" ? null : readFile(path, 3, (data) => data));
    const report = await auditLog({
        source, policy, trust, bundle: read(o.bundle), earlier: read(o.earlier),
        onResult: (r) => { if (!o.isJson) printResult(r, LOG_SENTENCES, o.lang); },
    });
    if (o.isJson) write(`${logToJson(report, o.lang)}\n`);
    else {
        if (report.log !== null) write(`\n${report.log.origin}: ${report.log.size}; ${report.log.root}\n`);
        printVerdict(report.results, report.isPass, o.lang);
    }
    return report.isPass ? 0 : 1;
}
