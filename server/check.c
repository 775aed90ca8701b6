/* SPDX-License-Identifier: EUPL-1.2 */
/* check.c - what a start would say of the files that a configuration names, without starting. */
#include "server/check.h"

#include "crypto/scoped.h"
#include "server/confine.h"
#include "server/front/front_tls.h"
#include "server/policy.h"
#include "support/keyfile.h"
#include "support/language.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

SKA_DEFINE_RELEASE(SSL_CTX *, ssl_context_release, SSL_CTX_free)

static enum ska_status check_keys(const struct config *config, struct ska_error *err)
{
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key signing = {0};
    SKA_SCOPED(ska_hpke_key_clear) struct ska_hpke_key hpke = {0};
    SKA_TRY(keyfile_read_signing(&signing, config->signing_key, err));
    return keyfile_read_hpke(&hpke, config->hpke_key, err);
}

/* A server with such a certificate starts, and nobody comes in. */
static void tell_validity(FILE *out, SSL_CTX *context, const struct config *config)
{
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    if (certificate == NULL)
        return;
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        fprintf(out,
                tr("tls_certificate: %s har gått ut: ingen kommer in förrän det är förnyat\n",
                   "tls_certificate: %s has expired: nobody comes in before it is renewed\n"),
                config->tls_certificate);
    else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        fprintf(out,
                tr("tls_certificate: %s gäller inte än: går serverns klocka rätt?\n",
                   "tls_certificate: %s is not valid yet: is the server's clock right?\n"),
                config->tls_certificate);
}

static enum ska_status check_tls(FILE *out, const struct config *config, struct ska_error *err)
{
    SKA_SCOPED(ssl_context_release) SSL_CTX *server = NULL;
    SKA_SCOPED(ssl_context_release) SSL_CTX *client = NULL;
    SKA_TRY(tls_server_context(&server, config, err));
    SKA_TRY(tls_client_context(&client, config, err));
    tell_validity(out, server, config);
    return SKA_OK;
}

static enum ska_status check_log(const struct config *config, struct ska_error *err)
{
    SKA_SCOPED(ska_scoped_free) struct ska_tlog_policy *policy = ska_alloc(1, sizeof *policy);
    SKA_SCOPED(ska_signing_key_clear) struct ska_signing_key secret = {0};
    SKA_SCOPED(ssl_context_release) SSL_CTX *witness = NULL;
    struct ska_note_key key;
    size_t helper = 0;
    bool calls = false;
    uint8_t sha256[32];
    if (policy == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    SKA_TRY(keyfile_read_signing(&secret, config->log_key, err));
    SKA_TRY(policy_read(policy, sha256, config, err));
    SKA_TRY(policy_judge(&helper, &key, policy, config, secret.public_key, err));
    SKA_TRY(policy_calls(&calls, policy, config, err));
    if (calls)
        SKA_TRY(tls_witness_context(&witness, config, err));
    if (config->log[0] != '\0' && access(config->log, W_OK | X_OK) != 0)
        return ska_fail(err, SKA_E_CONFIG, "log: %s: %s", config->log, ska_text(strerror(errno)));
    return SKA_OK;
}

enum ska_status check_start(FILE *out, const struct config *config, struct ska_error *err)
{
    SKA_TRY(confine_drop_user(config, err));
    SKA_TRY(check_keys(config, err));
    SKA_TRY(check_tls(out, config, err));
    return config->log_policy[0] == '\0' ? SKA_OK : check_log(config, err);
}
