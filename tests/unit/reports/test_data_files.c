/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_data_files.c - the data files of the site: CSV, its metadata, SDMX-CSV, Atom and DCAT byte
 * for byte; every table of the cube is there with every figure, and what has not changed is not
 * touched.
 */
#include "reports/about.h"
#include "reports/data/data_csv.h"
#include "reports/data/data_feeds.h"
#include "reports/data/data_files.h"
#include "reports/data/data_population.h"
#include "reports/pages/site.h"
#include "reports/publish.h"

#include <sys/stat.h>

#include "tests/sample_dataset.h"
#include "tests/unit/reports/county.h"
#include "tests/unit/reports/cube_world.h"

static const struct about about = {.publisher = "Länsstyrelsen",
                                   .licence = ABOUT_LICENCE_DEFAULT,
                                   .contact = "mailto:s@example.org",
                                   .kind = "regional"};

static void decode_sample(struct dataset *d)
{
    struct ska_writer w = {0};
    uint8_t *bytes = NULL;
    size_t len = 0;
    sample_dataset(&w);
    ck_assert_status(ska_writer_take(&bytes, &len, &w), SKA_OK);
    ck_assert_status(dataset_decode(d, bytes, len), SKA_OK);
}

static void check_text(struct ska_writer *w, const char *want)
{
    ska_write_u8(w, 0);
    ck_assert_status(ska_writer_status(w), SKA_OK);
    ck_assert_str_eq((const char *)w->data, want);
}

START_TEST(csv_is_exact)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    data_csv(&w, &d);
    check_text(
        &w,
        "group,group_sv,group_en,content,content_sv,content_en,time,value,status,reason\n"
        "all,Alla,All,A,Ärenden – alla,\"Cases, all\",2025Q1,12345,shown,\n"
        "all,Alla,All,A,Ärenden – alla,\"Cases, all\",2025Q2,.,missing,\n"
        "all,Alla,All,A,Ärenden – alla,\"Cases, all\",2025Q3,30,rounded,\n"
        "all,Alla,All,A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: \\x\",2025Q1,..,hidden,small\n"
        "all,Alla,All,A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: \\x\",2025Q2,.,missing,\n"
        "all,Alla,All,A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: \\x\",2025Q3,0,shown,\n"
        "N,Norra länet,\"The \"\"north\"\"\",A,Ärenden – alla,\"Cases, all\",2025Q1,7,shown,\n"
        "N,Norra länet,\"The \"\"north\"\"\",A,Ärenden – alla,\"Cases, all\",2025Q2,.,missing,\n"
        "N,Norra länet,\"The \"\"north\"\"\",A,Ärenden – alla,\"Cases, all\",2025Q3,8,shown,\n"
        "N,Norra länet,\"The \"\"north\"\"\",A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: "
        "\\x\",2025Q1,..,hidden,complement\n"
        "N,Norra länet,\"The \"\"north\"\"\",A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: "
        "\\x\",2025Q2,.,missing,\n"
        "N,Norra länet,\"The \"\"north\"\"\",A.D.x,\"Ärenden, slag: <x>\",\"Cases, kind: "
        "\\x\",2025Q3,5,shown,\n");
}
END_TEST

START_TEST(sdmx_csv_is_exact)
{
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    data_sdmx_csv(&w, &d, "indicators");
    check_text(&w, "STRUCTURE,STRUCTURE_ID,ACTION,GROUP,CONTENT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
                   "CONF_STATUS,COMMENT_OBS\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A,2025-Q1,12345,A,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A,2025-Q2,,O,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A,2025-Q3,30,A,F,rounded\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A$D$x,2025-Q1,,Q,A,small\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A$D$x,2025-Q2,,O,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,all,A$D$x,2025-Q3,0,A,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A,2025-Q1,7,A,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A,2025-Q2,,O,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A,2025-Q3,8,A,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A$D$x,2025-Q1,,Q,D,complement\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A$D$x,2025-Q2,,O,F,\n"
                   "dataflow,SKARVA:lan-indicators-A(1.0),I,N,A$D$x,2025-Q3,5,A,F,\n");
}
END_TEST

#define CSVW_HEAD                                                                              \
    "{\"@context\":[\"http://www.w3.org/ns/csvw\",{\"@language\":\"sv\"}],\"url\":\"A.csv\","  \
    "\"dc:title\":[{\"@value\":\"Ärenden efter grupp\",\"@language\":\"sv\"},"                \
    "{\"@value\":\"Cases by group\",\"@language\":\"en\"}],\"dc:source\":\"Planen & länet\"," \
    "\"dc:modified\":{\"@value\":\"2025-10-20\",\"@type\":\"xsd:date\"},"                      \
    "\"dc:license\":{\"@id\":\"" ABOUT_LICENCE_DEFAULT "\"},"                                  \
    "\"dialect\":{\"encoding\":\"utf-8\",\"header\":true,\"delimiter\":\",\"},"                \
    "\"tableSchema\":{\"columns\":["
#define CSVW_VALUE                                                                             \
    "{\"name\":\"value\",\"titles\":\"value\",\"datatype\":{\"base\":\"nonNegativeInteger\"}," \
    "\"null\":[\"..\",\".\"],\"dc:description\":\".. protected figure, . no figure; "          \
    "counts are rounded to multiples of 5\"}"

START_TEST(metadata_of_the_audited_table_follow_its_header)
{
    static const char header[] = "revision,cell,label_sv,label_en,value";
    SKA_SCOPED(dataset_clear) struct dataset d = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    decode_sample(&d);
    data_csvw_table(&w, &d, "A.csv", ABOUT_LICENCE_DEFAULT,
                    (struct ska_slice){(const uint8_t *)header, sizeof header - 1});
    check_text(
        &w, CSVW_HEAD
        "{\"name\":\"revision\",\"titles\":\"revision\",\"datatype\":\"nonNegativeInteger\"},"
        "{\"name\":\"cell\",\"titles\":\"cell\",\"datatype\":\"string\"},"
        "{\"name\":\"label_sv\",\"titles\":\"label_sv\",\"datatype\":\"string\",\"lang\":"
        "\"sv\"},{\"name\":\"label_en\",\"titles\":\"label_en\",\"datatype\":\"string\","
        "\"lang\":\"en\"}," CSVW_VALUE "],\"primaryKey\":[\"period\",\"group\",\"cell\"]}}\n");
}
END_TEST

/* A world of which one quarter is published. */
static void one_quarter(struct cube_world *w)
{
    *w = (struct cube_world){.catalogue = cube_world_catalogue(cube_world_json)};
    w->cube = (struct cube){.collection = "jamtland", .catalogue = w->catalogue};
    cube_world_blocks(&w->cube);
    cube_world_add(w, SKA_QUARTER, false, "2025Q1", CUBE_WORLD_DAY_S(4));
    ck_assert_status(cube_finish(&w->cube), SKA_OK);
}

START_TEST(atom_is_exact)
{
    SKA_SCOPED(cube_world_clear) struct cube_world world = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    one_quarter(&world);
    data_atom(&w, &world.cube, &about, "https://l.example/", false);
    check_text(&w,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
               "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n"
               "<id>https://l.example/en/releases.atom</id>\n<title>Violence in Jämtland</title>\n"
               "<updated>2025-04-19T00:00:00Z</updated>\n"
               "<author><name>Länsstyrelsen</name></author>\n"
               "<link rel=\"self\" type=\"application/atom+xml\" "
               "href=\"https://l.example/en/releases.atom\"/>\n"
               "<link rel=\"alternate\" type=\"text/html\" href=\"https://l.example/en/\"/>\n"
               "<entry>\n<id>https://l.example/2025Q1.html#revision-0</id>\n"
               "<title>Violence in Jämtland, first quarter of 2025</title>\n"
               "<updated>2025-04-19T00:00:00Z</updated>\n"
               "<link rel=\"alternate\" type=\"text/html\" "
               "href=\"https://l.example/en/2025Q1.html\"/>\n"
               "<link rel=\"enclosure\" type=\"text/csv\" href=\"https://l.example/2025Q1.csv\"/>\n"
               "<link rel=\"enclosure\" type=\"application/x-tar\" "
               "href=\"https://l.example/bundles/jamtland-2025Q1.tar\"/>\n"
               "<summary>8 of 8 contributors answered.</summary>\n</entry>\n</feed>\n");
}
END_TEST

/* In two, since a string of C has its limit. */
static const char dcat_catalogue[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dcat=\"h"
    "ttp://www.w3.org/ns/dcat#\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:foa"
    "f=\"http://xmlns.com/foaf/0.1/\" xmlns:vcard=\"http://www.w3.org/2006/vcard/ns#\">"
    "\n"
    "<dcat:Catalog rdf:about=\"https://l.example/data/catalog.rdf\">\n"
    "<dcterms:title xml:lang=\"sv\">Våld i Jämtlands län</dcterms:title>\n"
    "<dcterms:title xml:lang=\"en\">Violence in Jämtland</dcterms:title>\n"
    "<dcterms:description xml:lang=\"sv\">Vad kommunerna räknar.</dcterms:description"
    ">\n"
    "<dcterms:description xml:lang=\"en\">What the municipalities count.</dcterms:des"
    "cription>\n"
    "<dcterms:publisher rdf:resource=\"https://l.example/#publisher\"/>\n"
    "<foaf:homepage rdf:resource=\"https://l.example/\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1."
    "0/\"/>\n"
    "<dcterms:language rdf:resource=\"http://publications.europa.eu/resource/authori"
    "ty/language/SWE\"/>\n"
    "<dcterms:language rdf:resource=\"http://publications.europa.eu/resource/authori"
    "ty/language/ENG\"/>\n"
    "<dcat:service rdf:resource=\"https://l.example/#api\"/>\n"
    "<dcat:dataset rdf:resource=\"https://l.example/data/indicators/B\"/>\n"
    "</dcat:Catalog>\n"
    "<foaf:Agent rdf:about=\"https://l.example/#publisher\">\n"
    "<foaf:name>Länsstyrelsen</foaf:name>\n"
    "<dcterms:type rdf:resource=\"http://purl.org/adms/publishertype/RegionalAuthority\"/>\n"
    "</foaf:Agent>\n"
    "<vcard:Organization rdf:about=\"https://l.example/#contact\">\n"
    "<vcard:fn>Länsstyrelsen</vcard:fn>\n"
    "<vcard:hasEmail rdf:resource=\"mailto:s@example.org\"/>\n"
    "</vcard:Organization>\n"
    "<dcat:DataService rdf:about=\"https://l.example/#api\">\n"
    "<dcterms:title xml:lang=\"sv\">Datagränssnitt (PxWeb, version 1)</dcterms:title>\n"
    "<dcterms:title xml:lang=\"en\">Data interface (PxWeb, version 1)</dcterms:title>\n"
    "<dcat:endpointURL rdf:resource=\"https://l.example/api/v1/sv/\"/>\n"
    "<dcat:endpointDescription rdf:resource=\"https://l.example/data.html\"/>\n"
    "<dcterms:publisher rdf:resource=\"https://l.example/#publisher\"/>\n"
    "<dcat:contactPoint rdf:resource=\"https://l.example/#contact\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1.0/\"/>\n"
    "<dcterms:accessRights rdf:resource=\"http://publications.europa.eu/resource/aut"
    "hority/access-right/PUBLIC\"/>\n"
    "<dcat:servesDataset rdf:resource=\"https://l.example/data/indicators/B\"/>\n"
    "</dcat:DataService>\n"
    "<dcat:Dataset rdf:about=\"https://l.example/data/indicators/B\">\n"
    "<dcterms:identifier>jamtland/indicators/B</dcterms:identifier>\n"
    "<dcterms:title xml:lang=\"sv\">Möten efter grupp, innehåll och tid</dcterms:titl"
    "e>\n"
    "<dcterms:title xml:lang=\"en\">Meetings by group, content and time</dcterms:titl"
    "e>\n"
    "<dcterms:description xml:lang=\"sv\">Möten efter grupp, innehåll och tid</dcterm"
    "s:description>\n"
    "<dcterms:description xml:lang=\"en\">Meetings by group, content and time</dcterm"
    "s:description>\n"
    "<dcterms:publisher rdf:resource=\"https://l.example/#publisher\"/>\n"
    "<dcat:contactPoint rdf:resource=\"https://l.example/#contact\"/>\n"
    "<dcterms:modified rdf:datatype=\"http://www.w3.org/2001/XMLSchema#date\">2025-04"
    "-19</dcterms:modified>\n"
    "<dcterms:temporal><dcterms:PeriodOfTime><dcat:startDate rdf:datatype=\"http://www"
    ".w3.org/2001/XMLSchema#date\">2025-01-01</dcat:startDate></dcterms:PeriodOfTime></dcterms:"
    "temporal>\n"
    "<dcterms:accrualPeriodicity rdf:resource=\"http://publications.europa.eu/resour"
    "ce/authority/frequency/QUARTERLY\"/>\n"
    "<dcat:theme rdf:resource=\"http://publications.europa.eu/resource/authority/dat"
    "a-theme/SOCI\"/>\n"
    "<dcterms:accessRights rdf:resource=\"http://publications.europa.eu/resource/aut"
    "hority/access-right/PUBLIC\"/>\n"
    "<dcat:distribution rdf:resource=\"https://l.example/data/indicators/B.json\"/>\n"
    "<dcat:distribution rdf:resource=\"https://l.example/data/indicators/B.px\"/>\n"
    "<dcat:distribution rdf:resource=\"https://l.example/data/indicators/B.csv\"/>\n"
    "<dcat:distribution rdf:resource=\"https://l.example/data/indicators/B.sdmx.csv\""
    "/>\n"
    "<dcat:distribution rdf:resource=\"https://l.example/api/v1/sv/jamtland/indicators/B\"/>\n"
    "</dcat:Dataset>\n";
static const char dcat_distributions[] =
    "<dcat:Distribution rdf:about=\"https://l.example/api/v1/sv/jamtland/indicators/B\">\n"
    "<dcterms:title>PxWeb</dcterms:title>\n"
    "<dcat:accessURL rdf:resource=\"https://l.example/api/v1/sv/jamtland/indicators/B\"/>\n"
    "<dcat:accessService rdf:resource=\"https://l.example/#api\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1.0/\"/>\n"
    "<dcterms:format rdf:resource=\"http://publications.europa.eu/resource/authority"
    "/file-type/JSON\"/>\n"
    "</dcat:Distribution>\n"
    "<dcat:Distribution rdf:about=\"https://l.example/data/indicators/B.json\">\n"
    "<dcterms:title>JSON-stat 2.0</dcterms:title>\n"
    "<dcat:accessURL rdf:resource=\"https://l.example/data/indicators/B.json\"/>\n"
    "<dcat:downloadURL rdf:resource=\"https://l.example/data/indicators/B.json\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1."
    "0/\"/>\n"
    "<dcterms:format rdf:resource=\"http://publications.europa.eu/resource/authority"
    "/file-type/JSON\"/>\n"
    "<dcat:mediaType rdf:resource=\"http://www.iana.org/assignments/media-types/appl"
    "ication/json\"/>\n"
    "</dcat:Distribution>\n"
    "<dcat:Distribution rdf:about=\"https://l.example/data/indicators/B.px\">\n"
    "<dcterms:title>PX</dcterms:title>\n"
    "<dcat:accessURL rdf:resource=\"https://l.example/data/indicators/B.px\"/>\n"
    "<dcat:downloadURL rdf:resource=\"https://l.example/data/indicators/B.px\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1."
    "0/\"/>\n"
    "<dcterms:format rdf:resource=\"http://publications.europa.eu/resource/authority"
    "/file-type/PX\"/>\n"
    "<dcat:mediaType rdf:resource=\"http://www.iana.org/assignments/media-types/text"
    "/plain\"/>\n"
    "</dcat:Distribution>\n"
    "<dcat:Distribution rdf:about=\"https://l.example/data/indicators/B.csv\">\n"
    "<dcterms:title>CSV</dcterms:title>\n"
    "<dcat:accessURL rdf:resource=\"https://l.example/data/indicators/B.csv\"/>\n"
    "<dcat:downloadURL rdf:resource=\"https://l.example/data/indicators/B.csv\"/>\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1."
    "0/\"/>\n"
    "<dcterms:format rdf:resource=\"http://publications.europa.eu/resource/authority"
    "/file-type/CSV\"/>\n"
    "<dcat:mediaType rdf:resource=\"http://www.iana.org/assignments/media-types/text"
    "/csv\"/>\n"
    "</dcat:Distribution>\n"
    "<dcat:Distribution rdf:about=\"https://l.example/data/indicators/B.sdmx.csv\">\n"
    "<dcterms:title>SDMX-CSV 2.0</dcterms:title>\n"
    "<dcat:accessURL rdf:resource=\"https://l.example/data/indicators/B.sdmx.csv\"/>\n"
    "<dcat:downloadURL rdf:resource=\"https://l.example/data/indicators/B.sdmx.csv\"/"
    ">\n"
    "<dcterms:license rdf:resource=\"http://creativecommons.org/publicdomain/zero/1."
    "0/\"/>\n"
    "<dcterms:format rdf:resource=\"http://publications.europa.eu/resource/authority"
    "/file-type/CSV\"/>\n"
    "<dcat:mediaType rdf:resource=\"http://www.iana.org/assignments/media-types/text"
    "/csv\"/>\n"
    "</dcat:Distribution>\n"
    "</rdf:RDF>\n";

START_TEST(dcat_is_exact)
{
    SKA_SCOPED(cube_world_clear) struct cube_world world = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    one_quarter(&world);
    const struct table_of table = {TABLE_INDICATORS, 0, 1, 0}; /* B alone */
    data_dcat(&w, &world.cube, &table, 1, &about, "https://l.example/");
    ska_write_u8(&w, 0);
    const char *text = (const char *)w.data;
    size_t head = sizeof dcat_catalogue - 1;
    ck_assert_uint_gt(w.len, head);
    ck_assert_msg(memcmp(text, dcat_catalogue, head) == 0, "%.2000s", text);
    ck_assert_msg(strcmp(text + head, dcat_distributions) == 0, "%.2000s", text + head);
}
END_TEST

#define DATE_TYPE " rdf:datatype=\"http://www.w3.org/2001/XMLSchema#date\">"
#define PERIOD_OF_TIME(first, last)                                                   \
    "<dcat:startDate" DATE_TYPE first "</dcat:startDate><dcat:endDate" DATE_TYPE last \
    "</dcat:endDate>"

static const struct {
    const char *table, *want; /* a whole release */
} spans[] = {{"2024Q1", PERIOD_OF_TIME("2024-01-01", "2024-03-31")},
             {"2025Q2", PERIOD_OF_TIME("2025-04-01", "2025-06-30")},
             {"2025Q4", PERIOD_OF_TIME("2025-10-01", "2025-12-31")},
             {"2024", PERIOD_OF_TIME("2024-01-01", "2024-12-31")},
             {"2024-quarter", PERIOD_OF_TIME("2024-01-01", "2024-12-31")}};

START_TEST(a_release_says_which_days_it_is_of)
{
    SKA_SCOPED(cube_world_clear) struct cube_world world = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    SKA_SCOPED(ska_scoped_free) struct table_of *tables = NULL;
    size_t n = 0;
    char begin[100];
    cube_world_new(&world);
    ck_assert_status(tables_list(&tables, &n, &world.cube), SKA_OK);
    data_dcat(&w, &world.cube, tables, n, &about, "https://l.example/");
    ska_write_u8(&w, 0);
    (void)snprintf(begin, sizeof begin,
                   "<dcat:Dataset rdf:about=\"https://l.example/data/releases/%s\">",
                   spans[_i].table);
    const char *at = strstr((const char *)w.data, begin);
    ck_assert_ptr_nonnull(at);
    const char *said = strstr(at, "<dcterms:PeriodOfTime>");
    ck_assert_ptr_nonnull(said);
    said += strlen("<dcterms:PeriodOfTime>");
    ck_assert_msg(strncmp(said, spans[_i].want, strlen(spans[_i].want)) == 0, "%.200s", said);
}
END_TEST

START_TEST(inhabitants_are_exact)
{
    SKA_SCOPED(cube_world_clear) struct cube_world world = {0};
    SKA_SCOPED(ska_writer_clear) struct ska_writer w = {0};
    cube_world_new(&world);
    world.cube.populations[1].all[2] = 0; /* not known */
    data_population_csv(&w, &world.cube);
    check_text(&w,
               "date,source_sv,source_en,group,group_sv,group_en,population,women,men\n"
               "2024-12-31,Statistiska centralbyrån,Statistics Sweden,all,Alla,All,132054,66027,.\n"
               "2024-12-31,Statistiska centralbyrån,Statistics Sweden,NORR,Norra länet,The "
               "north,41000,20500,.\n"
               "2024-12-31,Statistiska centralbyrån,Statistics Sweden,SOD,Södra länet,The "
               "south,91054,45527,.\n"
               "2025-12-31,Statistiska centralbyrån,Statistics Sweden,all,Alla,All,132708,66354,.\n"
               "2025-12-31,Statistiska centralbyrån,Statistics Sweden,NORR,Norra länet,The "
               "north,40708,20354,.\n"
               "2025-12-31,Statistiska centralbyrån,Statistics Sweden,SOD,Södra länet,The "
               "south,.,46000,.\n");
}
END_TEST

/* Every published figure of the cube is in the table of its indicator, at its place. */
START_TEST(each_table_has_each_figure)
{
    SKA_SCOPED(cube_world_clear) struct cube_world world = {0};
    SKA_SCOPED(ska_scoped_free) struct table_of *tables = NULL;
    size_t n = 0, n_figures = 0;
    cube_world_new(&world);
    ck_assert_status(tables_list(&tables, &n, &world.cube), SKA_OK);
    /* A B C Y; A B C by year; 7 quarters; 2 years; 2 roll-ups */
    ck_assert_uint_eq(n, 4 + 3 + 7 + 2 + 2);
    for (size_t i = 0; i < n; i++) {
        SKA_SCOPED(dataset_clear) struct dataset d = {0};
        const struct cube_series *s = &world.cube.series[tables[i].series];
        ck_assert_status(table_dataset(&d, &world.cube, &tables[i]), SKA_OK);
        for (uint32_t b = 0; b < d.axes[DATASET_GROUP].n; b++)
            for (size_t c = 0; c < d.axes[DATASET_CONTENT].n; c++)
                for (size_t t = 0; t < d.axes[DATASET_TIME].n; t++) {
                    uint32_t cell =
                        ska_layout_find(s->layout, d.axes[DATASET_CONTENT].values[c].code);
                    size_t period = cube_world_period(s, d.axes[DATASET_TIME].values[t].code);
                    struct cube_figure want = cube_at(&world.cube, s, period, b, cell);
                    const struct dataset_figure *got = dataset_at(&d, b, c, t);
                    ck_assert_uint_eq(got->value, want.value);
                    ck_assert_uint_eq(got->status, want.status); /* both enums have one order */
                    ck_assert_str_eq(dataset_reason(&d, got), figures_reason(want.reason));
                    n_figures++;
                }
    }
    ck_assert_uint_eq(n_figures, 483 + 2 * 3 * 7); /* 7 that a year adds up */
}
END_TEST

static struct timespec changed_at(const char *folder, const char *name)
{
    SKA_SCOPED(ska_scoped_free) char *path = file_join(folder, name);
    struct stat st;
    ck_assert_msg(stat(path, &st) == 0, "%s is not there", name);
    return st.st_mtim;
}

/* Example 1 of docs/disclosure-control.md. */
static const uint64_t example_1[COUNTY_CONTRIBUTORS][COUNTY_CELLS] = {
    {10, 9, 1, 0, 8, 1, 1}, {10, 9, 1, 0, 4, 1, 1}, {5, 5, 0, 0, 0, 0, 2}, {5, 4, 1, 0, 0, 0, 0}};

START_TEST(a_published_collection_has_its_files_and_what_is_unchanged_stays)
{
    static const char *const names[] = {"data/indicators/A.json",
                                        "en/data/indicators/A.json",
                                        "data/indicators/A.px",
                                        "data/indicators/A.ansi.px",
                                        "data/indicators/A.csv",
                                        "data/indicators/A.csv-metadata.json",
                                        "data/indicators/A.sdmx.csv",
                                        "data/indicators/A.table",
                                        "data/releases/2025Q2.json",
                                        "data/releases/2025Q2.px",
                                        "2025Q2.csv",
                                        "2025Q2.csv-metadata.json",
                                        "data/tables",
                                        "data/catalog.rdf",
                                        "releases.atom",
                                        "en/releases.atom"};
    struct timespec before[N_OF(names)];
    struct county k;
    struct ska_error err = {0};
    county_new(&k);
    county_collect(&k, "2025Q2", &example_1[0][0]);
    county_collect(&k, "2025Q3", &example_1[0][0]);
    county_release(&k, "2025Q2");
    ck_assert_status(data_files_write(&k.collection, &err), SKA_OK);
    for (size_t i = 0; i < N_OF(names); i++)
        before[i] = changed_at(k.collection.site, names[i]);
    county_release(&k, "2025Q3");
    ck_assert_status(data_files_write(&k.collection, &err), SKA_OK);
    for (size_t i = 0; i < N_OF(names); i++) {
        struct timespec now = changed_at(k.collection.site, names[i]);
        bool same = now.tv_sec == before[i].tv_sec && now.tv_nsec == before[i].tv_nsec;
        bool stays = strstr(names[i], "2025Q2") != NULL || strstr(names[i], "metadata") != NULL;
        ck_assert_msg(same == stays, "%s", names[i]);
    }
    county_clear(&k);
}
END_TEST

START_TEST(about_is_kept_and_has_defaults)
{
    struct county k;
    struct about read;
    struct ska_error err = {0};
    county_new(&k);
    ck_assert_status(about_read(&read, &k.collection, &err), SKA_OK);
    ck_assert_str_eq(read.publisher, "");
    ck_assert_str_eq(read.licence, ABOUT_LICENCE_DEFAULT);
    ck_assert_status(about_write(&about, &k.collection, &err), SKA_OK);
    ck_assert_status(about_read(&read, &k.collection, &err), SKA_OK);
    ck_assert_str_eq(read.publisher, about.publisher);
    ck_assert_str_eq(read.contact, about.contact);
    ck_assert_str_eq(read.kind, about.kind);
    SKA_SCOPED(ska_scoped_free) char *path = file_join(k.collection.folder, "about");
    ck_assert_status(file_write(path, "publisher: x\n", 13, false, &err), SKA_OK);
    ck_assert_status(about_read(&read, &k.collection, &err), SKA_E_FORMAT);
    ck_assert_ptr_nonnull(strstr(err.text, "publisher: x"));
    ck_assert_status(file_write(path, "kind = royal\n", 13, false, &err), SKA_OK);
    ck_assert_status(about_read(&read, &k.collection, NULL), SKA_E_FORMAT);
    county_clear(&k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data_files");
    TCase *t = tcase_create("data_files");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, csv_is_exact);
    tcase_add_test(t, sdmx_csv_is_exact);
    tcase_add_test(t, metadata_of_the_audited_table_follow_its_header);
    tcase_add_test(t, atom_is_exact);
    tcase_add_test(t, inhabitants_are_exact);
    tcase_add_test(t, dcat_is_exact);
    tcase_add_loop_test(t, a_release_says_which_days_it_is_of, 0, N_OF(spans));
    tcase_add_test(t, each_table_has_each_figure);
    tcase_add_test(t, a_published_collection_has_its_files_and_what_is_unchanged_stays);
    tcase_add_test(t, about_is_kept_and_has_defaults);
    suite_add_tcase(s, t);
    return test_run(s);
}
