/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * labels.h - every domain-separation label of the project, in one place, so that no two uses can be
 * confused.
 *
 * Each is absorbed with its length. docs/protocol.md lists the same table for whoever writes a
 * second verifier.
 */
#ifndef SKA_LABELS_H
#define SKA_LABELS_H

#define SKA_LABEL_PROTOCOL "skarva-1"              /* first item of every transcript */
#define SKA_LABEL_PEDERSEN_H "skarva-1 pedersen H" /* generator H */
#define SKA_LABEL_PROOF_H "skarva-1 proof H'"      /* generator H' of the weighted-bit proof */
#define SKA_LABEL_PROOF_GS "skarva-1 proof Gs"     /* generators Gs[i], then u32 i */
#define SKA_LABEL_PROOF_HS "skarva-1 proof Hs"     /* generators Hs[i], then u32 i */
#define SKA_LABEL_NONCE "skarva-1 prover nonce"    /* prover randomness */
#define SKA_LABEL_DAP "dap-18"                     /* the draft's ctx is this and the task id */
#define SKA_LABEL_SHARE "skarva-1 helper share"    /* expansion of the helper's seed */
#define SKA_LABEL_CATALOGUE "skarva-1 catalogue"   /* hash of a canonical catalogue */
#define SKA_LABEL_ROSTER "skarva-1 roster"         /* hash of a canonical roster */
#define SKA_LABEL_COLLECTION "skarva-1 collection" /* hash of a collection's name and publisher */
#define SKA_LABEL_PARAMETERS "skarva-1 parameters" /* hash of canonical parameters */
#define SKA_LABEL_TASK_ID "skarva-1 task id"       /* task identifier from the parameters' hash */
#define SKA_LABEL_SIGN_PARAMETERS \
    "skarva-1 sign parameters" /* Ed25519 over each document, by kind */
#define SKA_LABEL_SIGN_SUBMISSION "skarva-1 sign submission"
#define SKA_LABEL_SIGN_ENTRY "skarva-1 sign entry"
#define SKA_LABEL_SIGN_ACCEPTED "skarva-1 sign accepted"
#define SKA_LABEL_SIGN_CLOSE "skarva-1 sign close"
#define SKA_LABEL_SIGN_AGGREGATE "skarva-1 sign aggregate"
#define SKA_LABEL_SIGN_CHANGES "skarva-1 sign changes"
#define SKA_LABEL_SIGN_CONTROL "skarva-1 sign control"
#define SKA_LABEL_SIGN_QUERY "skarva-1 sign query"
#define SKA_LABEL_SIGN_KEY_CARD "skarva-1 sign key card"
#define SKA_LABEL_SIGN_RELEASE "skarva-1 sign release"
#define SKA_LABEL_SIGN_SECOND "skarva-1 sign release second"
#define SKA_LABEL_SIGN_VERIFIER "skarva-1 sign verifier"
#define SKA_LABEL_ROUNDING "skarva-1 rounding" /* direction in which a figure is rounded */
#define SKA_LABEL_MERKLE_AGGREGATE "skarva-1 aggregate leaf"

/* Items and challenges of a proof's transcript, in the order of docs/proofs.md. */
#define SKA_LABEL_T_PROTOCOL "protocol"
#define SKA_LABEL_T_KIND "kind"
#define SKA_LABEL_T_TASK "task"
#define SKA_LABEL_T_COLLECTION "collection"
#define SKA_LABEL_T_CATALOGUE "catalogue"
#define SKA_LABEL_T_PARAMETERS "parameters"
#define SKA_LABEL_T_GENERATORS "generators"
#define SKA_LABEL_T_ROSTER "roster"
#define SKA_LABEL_T_PERIOD "period"
#define SKA_LABEL_T_REVISION "revision"
#define SKA_LABEL_T_ROLE "role"
#define SKA_LABEL_T_IDENTITY "identity"
#define SKA_LABEL_T_NUMBER "number"
#define SKA_LABEL_T_CELLS "cells"
#define SKA_LABEL_T_N_BITS "N"
#define SKA_LABEL_T_N_VALUES "m"
#define SKA_LABEL_T_BOUNDS "bounds"
#define SKA_LABEL_T_MAP "map"
#define SKA_LABEL_T_WEIGHTS "weights"
#define SKA_LABEL_T_N_RULES "rules"
#define SKA_LABEL_T_RULE "rule"
#define SKA_LABEL_T_V1 "V1" /* submissions: the leader's commitments, then the helper's */
#define SKA_LABEL_T_V2 "V2"
#define SKA_LABEL_T_PREVIOUS                                             \
    "previous" /* later revisions: the task before, then its commitments \
                */
#define SKA_LABEL_T_EARLIER "earlier"
#define SKA_LABEL_T_V "V"             /* proofs on totals: the commitments themselves */
#define SKA_LABEL_T_ROUNDED "rounded" /* proofs on rounded totals: the values shown */
#define SKA_LABEL_T_A "A"
#define SKA_LABEL_T_S "S"
#define SKA_LABEL_T_Y "y"
#define SKA_LABEL_T_Z "z"
#define SKA_LABEL_T_T1 "T1"
#define SKA_LABEL_T_T2 "T2"
#define SKA_LABEL_T_X "x"
#define SKA_LABEL_T_T_HAT "t"
#define SKA_LABEL_T_TAU_X "tau_x"
#define SKA_LABEL_T_MU "mu"
#define SKA_LABEL_T_W "w"
#define SKA_LABEL_T_L "L"
#define SKA_LABEL_T_R "R"
#define SKA_LABEL_T_U "u"

#endif
