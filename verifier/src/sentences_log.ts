// SPDX-License-Identifier: EUPL-1.2
// sentences_log.ts - what holds if a check of a whole public log passes, in the words of skarva-audit check-log.
import { type Sentences } from "./sentences";

export const LOG_SENTENCES: Sentences = {
    "log-checkpoint": {
        sv: "Kontrollpunkten är undertecknad av en logg i policyn, under dess eget namn.",
        en: "The checkpoint is signed by a log of the policy, under its own name.",
    },
    "log-quorum": {
        sv: "Så många av policyns vittnen som den kräver har intygat kontrollpunkten.",
        en: "As many of the policy's witnesses as it demands cosigned the checkpoint.",
    },
    "log-entries": {
        sv: "Alla loggens poster finns och går att läsa.",
        en: "All entries of the log are there and can be read.",
    },
    "log-root": {
        sv: "Kontrollpunktens rot följer av posterna.",
        en: "The checkpoint's root follows from the entries.",
    },
    "log-tiles": {
        sv: "Filerna med hashar (tile/) är de som följer av posterna.",
        en: "The files of hashes (tile/) are those that follow from the entries.",
    },
    "log-earlier": {
        sv: "Loggen börjar med allt som den hade vid den tidigare kontrollpunkten.",
        en: "The log begins with all that it had at the earlier checkpoint.",
    },
    "log-blobs": {
        sv: "Varje post som inte är en inlämning har sin fil, och ingen fil är utan post.",
        en: "Each entry that is not a submission has its file, and no file is without an entry.",
    },
    "log-parameters": {
        sv: "Varje uppgift har parametrar en gång, undertecknade av alla tre, med loggens förteckning.",
        en: "Each task has parameters once, signed by all three, with the log's roster.",
    },
    "log-trust": {
        sv: "Parametrarna namnger förtroendefilens ledare och hjälpare.",
        en: "The parameters name the trust file's leader and helper.",
    },
    "log-order": {
        sv: "Varje uppgifts poster står i rätt ordning: ingen inlämning före öppning eller efter stängning.",
        en: "Each task's entries are in order: no submission before the opening or after the close.",
    },
    "log-commands": {
        sv: "Varje kommando är undertecknat av uppgiftens utgivare.",
        en: "Each command is signed by the task's publisher.",
    },
    "log-submissions": {
        sv: "Varje inlämning är undertecknad av ledaren och hjälparen, av någon på förteckningen, och står en gång.",
        en: "Each submission is signed by leader and helper, of somebody on the roster, and stands once.",
    },
    "log-closes": {
        sv: "Varje stängning är undertecknad av tre, av loggen som den var, och räknar upp precis uppgiftens inlämningar.",
        en: "Each close is signed by three, of the log as it was, and lists exactly the task's submissions.",
    },
    "log-changes": {
        sv: "Det som sägs om hur många som ändrat i en rättelse är undertecknat av ledaren och hjälparen.",
        en: "What is said of how many changed in a correction is signed by leader and helper.",
    },
    "log-releases": {
        sv: "Varje utgåva är undertecknad av utgivaren och den andra undertecknaren, och ges ut en gång.",
        en: "Each release is signed by publisher and second signer, and released once.",
    },
    "log-bundle": {
        sv: "Paketet räknar upp precis de inlämningar som loggen stängde perioden med.",
        en: "The bundle lists exactly the submissions with which the log closed the period.",
    },
};
