/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proof_vector.h - the bytes of the example of docs/proofs.md, section 11, as printed by
 * test_proof_vector --print. They change only with the version in SKA_LABEL_PROTOCOL.
 */
#ifndef SKA_TESTS_PROOF_VECTOR_H
#define SKA_TESTS_PROOF_VECTOR_H

#define VECTOR_PROOF_BYTES 480
#define VECTOR_GENERATORS_HASH "fadbf7ebec3014496fa96140a7bee97a697c2b6201b3b23a7e8f1dc5957ee063"
#define VECTOR_V1                                                      \
    "9ce14173ea2e30679bb37944d626b7f797f49b29e74754ee11e5984a0482ea5a" \
    "aebb3e755088787c90cc4c663e93400bbd5b19e741375f2773b3e23cfa830e02"
#define VECTOR_V2                                                      \
    "4e814be3b58190ac2725d3d7377f92aa275eb301d9755e7e721eaa0d8ba78155" \
    "b257be43a64dce3fe1945c0a620ff7fea6409e65b7d43e316c040d89f6c8807c"
#define VECTOR_CONTEXT                                                 \
    "e0b29926983c239703ac1c7e9cba02001a731cffc648961c55205364c18028ae" \
    "10458a3930f1cf3619d9505f9df1355f6dac0b9be4e91564fb339d5abc2e2695"
#define VECTOR_PROOF                                                   \
    "6aa7e61f1b91548efd7582a9d1ef688ad8719bff2722b6531b9247ce5671395a" \
    "3602c402cb349454f2ab8709d51799968bce91f7aa49b495ba997c0bf230303f" \
    "5c6e05f45abdf25fcbf1ba441d56b9ab96e2046a1e3df569f6c73e2fa84ab254" \
    "ceeae1bdf0cf251c2eec4ee4551ee442b09c55019f6fca64c8887d73ae4a9650" \
    "5ca6a95664cad258a29489bcae0fe9691d368d2753ec781c6a323354483b9906" \
    "ee2fde51dfd040589047a63e92d5efd6ac26909b9773f3c190852f424cec7e05" \
    "0ba1567aacd74398512ad213ffc85250faff813fe25f9de6f0aa12eb45652f08" \
    "4ec8fe5fdd0f2b73c5166e7a93a7c35f055d05d64adb4ed8cc4f61560e1f3d7e" \
    "8c9b7f70d1d5a33967ab4c1f3445ab8fee2fff286142f61099ddfdb6a497924f" \
    "18d0afbe50e98dcdf4ff4a8affbd46f93149ded7671be2f442396de029e3ee79" \
    "0e74a4ebf3f9541473984749586fa1d6081ad8de35575132490480f9bdc27769" \
    "6273d7c8ea27cd5f265c13a65194836dfe277ac37491bbc38939becbcbfef508" \
    "5e007a91761b28ed89e877e9ea64d3fbf9a12aa01aed79bd1b6cecae1dfad76e" \
    "3fd12987296b94f442cec1b0ae0c1ac3d9ff8bd2c21f7c8db8b44d0c1bee8508" \
    "0d29ae054f7387eb56f5bfeb6849887d13a9dbc556c9a8051ae64049c4085503"
#define VECTOR_Y "7c9251024b5a31f689ed4dd0d83b66312a0fc34d359876f8910be2c998ab9207"
#define VECTOR_Z "38dc2a4428228de0da29d2e2566909f07d53cc2d0bdba43ddde95098d1323b0b"
#define VECTOR_X "b61dce4c2b87c0e6e73499ce50c562b70c0a6a3b5afbc8af34f30cce48511f0b"
#define VECTOR_W "5624b069b95edcbd6fc0c57cae969eaa64a1f96dcc1986ce09caa95d719c3d0c"
#define VECTOR_U "08f657e8e16429c3e2477a103261bdfa2ef506514d07b8b654fd46d409498807"

#endif
