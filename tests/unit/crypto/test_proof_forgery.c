/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_proof_forgery.c - forgeries that must succeed against a weakened verifier and fail against
 * ours: the one that w stops, and proofs made on a transcript that forgets a message.
 */
#include "crypto/proof.h"

#include "tests/unit/crypto/proof_case.h"

static const struct plain_leniency strict = {0};
static const struct plain_leniency no_w = {.without_w = true};

/* One value with bound 3, whose commitment holds `x` and whose "first bit" is x itself. */
static void forge(struct proof_case *c, uint64_t x, bool without_w, bool hide_in_a)
{
    const struct plain_faults faults = {
        .without_w = without_w, .set_first_bit = true, .first_bit = x, .hide_in_a = hide_in_a};
    case_init(c, 1, 3);
    c->x[0] = 0; /* no other bit is set */
    case_commit(c, 0, ska_scalar_from_u64(x));
    case_prove_plain(c, &faults);
}

START_TEST(without_w_a_multiple_of_g_hidden_in_a_forges_any_value)
{
    static struct proof_case c;
    static const uint64_t values[] = {4, 1000, UINT64_MAX};
    forge(&c, values[_i], true, true);
    ck_assert(case_verify_plain(&c, no_w)); /* the attack works where w is missing */
    ck_assert(case_verify(&c) == SKA_E_PROOF);
    ck_assert(!case_verify_plain(&c, strict));
    forge(&c, values[_i], true, false); /* it is the hidden multiple that does it */
    ck_assert(!case_verify_plain(&c, no_w));
    forge(&c, values[_i], false, true); /* and it is w that stops it */
    ck_assert(case_verify(&c) == SKA_E_PROOF);
    ck_assert(!case_verify_plain(&c, strict));
}
END_TEST

START_TEST(an_honest_bit_passes_the_forgers_way)
{
    static struct proof_case c;
    forge(&c, 1, false, true); /* 1 (1 - 1) = 0 is hidden: an ordinary proof */
    ck_assert(case_verify(&c) == SKA_OK);
    forge(&c, 1, true, true);
    ck_assert(case_verify_plain(&c, no_w));
}
END_TEST

START_TEST(a_proof_on_a_transcript_that_forgets_a_message_is_refused)
{
    static struct proof_case c;
    static const char *const messages[] = {"A", "S", "T1", "T2", "t", "tau_x", "mu", "L", "R"};
    const struct plain_faults faults = {.forget = messages[_i]};
    case_init(&c, 3, 6);
    case_prove_plain(&c, &faults);
    ck_assert_msg(case_verify(&c) == SKA_E_PROOF, "%s", messages[_i]);
    const struct plain_faults none = {.forget = "no such message"};
    case_prove_plain(&c, &none);
    ck_assert(case_verify(&c) == SKA_OK);
}
END_TEST

START_TEST(a_proof_without_masks_would_hold_and_is_refused)
{
    static struct proof_case c;
    const struct plain_faults bare = {.without_masks = true};
    const struct plain_leniency lenient = {.allow_identity = true};
    case_init(&c, 3, 6);
    case_prove_plain(&c, &bare);
    ck_assert(case_verify_plain(&c, lenient)); /* all is right but that S is the identity */
    ck_assert(!case_verify_plain(&c, strict));
    ck_assert(case_verify(&c) == SKA_E_PROOF);
}
END_TEST

static void fill(TCase *tc)
{
    tcase_add_loop_test(tc, without_w_a_multiple_of_g_hidden_in_a_forges_any_value, 0, 3);
    tcase_add_test(tc, an_honest_bit_passes_the_forgers_way);
    tcase_add_test(tc, a_proof_without_masks_would_hold_and_is_refused);
    tcase_add_loop_test(tc, a_proof_on_a_transcript_that_forgets_a_message_is_refused, 0, 9);
}

int main(void)
{
    return property_main("proof_forgery", fill);
}
