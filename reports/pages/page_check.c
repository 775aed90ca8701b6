/* SPDX-License-Identifier: EUPL-1.2 */
/* page_check.c - "is this right?": how anyone repeats the audit. */
#include "reports/pages/page_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_zero(const uint8_t hash[static 32])
{
    uint8_t any = 0;
    for (size_t i = 0; i < 32; i++)
        any |= hash[i];
    return any == 0;
}

static void write_keys(struct page *p)
{
    const struct page_site *site = p->site;
    P(p, "<section><h2 id=\"rotter\">{}</h2>\n<p>{}</p>\n",
      page_in(p, "Nycklarna att lita på", "The keys to trust"),
      page_in(p,
              "Granskningen utgår från fyra öppna nycklar. Jämför dem med dem du fått på annat "
              "håll, till exempel på papper: den som kunde byta ut hela den här sidan kunde byta "
              "nycklarna här också.",
              "The audit starts from four public keys. Compare them with those that you got "
              "elsewhere, on paper for example: whoever could replace this whole page could "
              "replace the keys here too."));
    P(p,
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"trust.txt\">"
      "<pre>publisher {}\nsecond {}\nleader {}\nhelper {}\n</pre></div>\n</section>\n",
      site->publisher_key, site->second_key, site->leader_key, site->helper_key);
}

static void write_commands(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const char *last = "2025Q4";
    for (size_t k = cube->n_series; k > 0; k--)
        if (!cube->series[k - 1].is_rollup)
            last = cube->series[k - 1].periods[cube->series[k - 1].n - 1].release;
    P(p, "<section><h2 id=\"gor-sa\">{}</h2>\n<ol>\n<li>{}</li>\n",
      page_in(p, "Gör så här", "Do this"),
      page_in(p, "Bygg skarva-audit från källkoden, eller be någon du litar på.",
              "Build skarva-audit from the source, or ask somebody you trust."));
    P(p, "<li>{}</li>\n",
      page_in(p, "Skriv de fyra nycklarna nedan i filen trust.txt.",
              "Write the four keys below into the file trust.txt."));
    P(p, "<li>{}</li>\n</ol>\n",
      page_in(p, "Hämta periodens paket och låt programmet räkna om allt:",
              "Fetch the period's bundle and let the program derive everything again:"));
    P(p,
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">"
      "<pre>curl -O {}bundles/{}-{}.tar\nskarva-audit verify {}-{}.tar --trust trust.txt\n</pre>"
      "</div>\n",
      page_in(p, "Kommandon", "Commands"),
      p->site->leader_url[0] != '\0' ? p->site->leader_url : "https://.../", cube->collection, last,
      cube->collection, last);
    P(p, "<p>{}</p>\n</section>\n",
      page_in(p,
              "Programmet skriver varje kontroll och dess utfall. Bara om alla är godkända är "
              "svaret godkänt (slutkod 0).",
              "The program writes each check and its outcome. Only if all pass is the answer a "
              "pass (exit status 0)."));
}

/* The page that does it in the visitor's browser, where the site has it. */
static void write_checker(struct page *p)
{
    const char *hash = p->site->checker_sha256;
    if (hash == NULL || hash[0] == '\0')
        return;
    P(p, "<section><h2 id=\"sjalv\">{}</h2>\n<p>{} <a href=\"{}check/check.{}.html\">{}</a></p>\n",
      page_in(p, "I webbläsaren", "In the browser"),
      page_in(p,
              "Din egen webbläsare kan räkna om allt, utan att något skickas härifrån. Varje "
              "paket nedan har en egen länk dit:",
              "Your own browser can derive everything again, and nothing is sent anywhere. Each "
              "bundle below has a link of its own to it:"),
      page_prefix(p), page_in(p, "sv", "en"), page_in(p, "Kontrollera själv", "Check it yourself"));
    P(p, "<p>{} <code>{}</code></p>\n",
      page_in(p,
              "Det visar inte att sidan är ärlig: den som visar den kunde visa en som alltid säger "
              "godkänt. Jämför därför filen verifier.js med den du bygger själv eller får från "
              "annat håll (verifier/verifier.sha256 i källkoden). Här är dess SHA-256:",
              "It does not show that the page is honest: whoever serves it could serve one that "
              "always says pass. So compare the file verifier.js with one that you build yourself "
              "or get elsewhere (verifier/verifier.sha256 in the source). Its SHA-256 here is:"),
      hash);
    if (p->site->checker_is_logged)
        P(p, "<p>{} <a href=\"{}check/verifier.js.tlog-proof\">verifier.js.tlog-proof</a></p>\n",
          page_in(p,
                  "Samma SHA-256 står i den publika loggen, som vittnen följer: där syns varje fil "
                  "som erbjudits, så den som får en annan än andra kan visa det. Beviset, för "
                  "skarva-audit check-proof:",
                  "The same SHA-256 is in the public log, which witnesses follow: each file that "
                  "was ever offered is seen there, so whoever gets another one than others can "
                  "show it. The proof, for skarva-audit check-proof:"),
          page_prefix(p));
    html_raw(p->w, "</section>\n");
}

/* What the publisher's own audit said. */
static void write_verdict(struct page *p, const char *period)
{
    const struct site_audit *audit = site_audit_of(p->site->audits, period);
    char passed[16], all[16];
    if (audit == NULL) {
        html_raw(p->w, page_in(p, "inte bilagd", "not attached"));
        return;
    }
    (void)snprintf(passed, sizeof passed, "%" PRIu32, audit->n_passed);
    (void)snprintf(all, sizeof all, "%" PRIu32, audit->n_checks);
    P(p, page_in(p, "{}: {} av {} kontroller", "{}: {} of {} checks"),
      audit->passed ? page_in(p, "godkänd", "passed") : page_in(p, "inte godkänd", "not passed"),
      passed, all);
}

/* The latest release, what the publisher's audit says of it, and where to try. */
static void write_facts(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const struct cube_period *latest = NULL;
    char name[WORDS_PERIOD_MAX];
    for (size_t k = 0; k < cube->n_series && latest == NULL; k++)
        for (size_t t = cube->series[k].n; !cube->series[k].is_rollup && t > 0; t--)
            if (cube->series[k].periods[t - 1].is_published) {
                latest = &cube->series[k].periods[t - 1];
                break;
            }
    if (latest == NULL)
        return;
    words_period(name, latest->name, p->swedish);
    P(p,
      "<dl class=\"facts\">\n<div><dt>{}</dt><dd><a href=\"{}.html\">{}</a></dd></div>\n"
      "<div><dt>{}</dt><dd>",
      page_in(p, "Senaste period", "Latest period"), latest->release, name,
      page_in(p, "Utgivarens egen granskning", "The publisher's own audit"));
    write_verdict(p, latest->release);
    P(p, "</dd></div>\n<div><dt>{}</dt><dd><a href=\"#gor-sa\">{}</a></dd></div>\n",
      page_in(p, "Gör om granskningen", "Repeat the audit"),
      page_in(p, "Med program", "With a program"));
    if (p->site->checker_sha256 != NULL && p->site->checker_sha256[0] != '\0')
        P(p,
          "<div><dt>{}</dt><dd><a "
          "href=\"{}check/check.{}.html#../bundles/{}-{}.tar\">{}</a></dd></div>\n",
          page_in(p, "Utan att installera något", "With nothing to install"), page_prefix(p),
          page_in(p, "sv", "en"), cube->collection, latest->release,
          page_in(p, "I webbläsaren", "In the browser"));
    html_raw(p->w, "</dl>\n");
}

static void write_bundle(struct page *p, const struct cube_period *period)
{
    char name[WORDS_PERIOD_MAX], hash[65];
    words_period_short(name, period->name, p->swedish);
    page_mark(p, PAGE_ITEM);
    ska_hex_encode(hash, period->bundle_sha256, 32);
    P(p,
      "<tr><th scope=\"row\"><a href=\"{}.html\">{}</a></th><td class=\"text\">"
      "<a href=\"{}bundles/{}-{}.tar\">{}-{}.tar</a>",
      period->release, name, page_prefix(p), p->site->cube->collection, period->release,
      p->site->cube->collection, period->release);
    if (period->has_proof)
        P(p, "<br><a href=\"{}bundles/{}-{}.release.tlog-proof\">{}</a>", page_prefix(p),
          p->site->cube->collection, period->release,
          page_in(p, "bevis ur loggen", "proof from the log"));
    if (p->site->checker_sha256 != NULL && p->site->checker_sha256[0] != '\0')
        P(p, "<br><a href=\"{}check/check.{}.html#../bundles/{}-{}.tar\">{}</a>", page_prefix(p),
          page_in(p, "sv", "en"), p->site->cube->collection, period->release,
          page_in(p, "räkna om i webbläsaren", "derive it again in the browser"));
    P(p, "</td><td class=\"text\"><code>{}</code></td><td class=\"text\">",
      is_zero(period->bundle_sha256) ? "." : hash);
    write_verdict(p, period->release);
    html_raw(p->w, "</td></tr>\n");
}

static void write_bundles(struct page *p)
{
    const struct cube *cube = p->site->cube;
    const char *caption = page_in(p, "Paket för granskning", "Bundles for verification");
    page_mark(p, PAGE_LIST);
    P(p, "<section><h2 id=\"paket\">{}</h2>\n", caption);
    page_scroll_begin(p, caption);
    P(p,
      "<table class=\"quality\">\n<caption>{}</caption>\n<thead>\n<tr><th scope=\"col\">{}</th>"
      "<th scope=\"col\">{}</th><th scope=\"col\">SHA-256</th><th "
      "scope=\"col\">{}</th></tr>\n</thead>\n"
      "<tbody>\n",
      caption, page_in(p, "Period", "Period"), page_in(p, "Paket", "Bundle"),
      page_in(p, "Utgivarens egen granskning", "The publisher's own audit"));
    for (size_t k = 0; k < cube->n_series; k++)
        for (size_t t = cube->series[k].n; !cube->series[k].is_rollup && t > 0; t--)
            if (cube->series[k].periods[t - 1].is_published)
                write_bundle(p, &cube->series[k].periods[t - 1]);
    page_mark(p, PAGE_REST);
    html_raw(p->w, "</tbody>\n</table>\n");
    page_scroll_end(p);
    html_raw(p->w, "</section>\n");
    page_mark(p, PAGE_LOOSE);
    P(p, "<p>{} <a href=\"{}ledger.csv\">ledger.csv</a></p>\n",
      page_in(
          p,
          "Varje publicering och rättelse har ett nummer och namnger den före. Så syns det om en "
          "har tagits bort eller bytts ut. Hela liggaren:",
          "Each release and correction has a number and names the one before. So it shows if "
          "one was taken away or replaced. The whole ledger:"),
      page_prefix(p));
}

static void write_limits(struct page *p)
{
    P(p, "<section><h2 id=\"visar\">{}</h2>\n<ul>\n",
      page_in(p, "Vad granskningen visar, och inte", "What the audit shows, and does not"));
    P(p, "<li>{}</li>\n",
      page_in(p,
              "Den visar att varje publicerat tal är summan av just de inlämningar som räknats, "
              "att varje inlämning är undertecknad av en uppgiftslämnare på listan och håller sig "
              "inom gränserna, och att varje dolt värde är dolt enligt regeln.",
              "It shows that each published number is the sum of exactly the submissions counted, "
              "that each submission is signed by a contributor on the list and within the limits, "
              "and that each hidden figure is hidden according to the rule."));
    P(p, "<li>{}</li>\n",
      page_in(p,
              "Den visar inte att uppgiftslämnarna räknat sant, och inte att ingen lämnats "
              "utanför: det ser varje uppgiftslämnare i sitt kvitto.",
              "It does not show that contributors counted truly, nor that nobody was left out: "
              "each contributor sees that in its receipt."));
    P(p, "<li>{}</li>\n</ul>\n</section>\n",
      page_in(p,
              "De här översiktssidorna hör inte till paketet. Periodens egen sida gör det, och "
              "granskas siffra för siffra.",
              "These overview pages are no part of the bundle. The period's own page is, and is "
              "audited figure by figure."));
}

void page_check(struct page *p)
{
    page_begin(p, page_in(p, "Stämmer det?", "Is this right?"), "check.html");
    P(p, "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", page_in(p, "Stämmer det?", "Is this right?"),
      page_in(p,
              "Du behöver inte lita på oss. Varje period har ett paket ur vilket vem som helst kan "
              "räkna fram varje publicerat tal igen, utan att se någon enskild uppgiftslämnares "
              "värden.",
              "You need not trust us. Each period has a bundle from which anyone can derive every "
              "published number again, without seeing any single contributor's figures."));
    write_facts(p);
    write_commands(p);
    write_checker(p);
    write_keys(p);
    write_limits(p);
    write_bundles(p);
    page_end(p);
}
