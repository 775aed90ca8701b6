/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * front.c - the front process: accepting, the requests that the aggregator has, draining.
 *
 *     serving --SIGTERM, SIGINT (start_drain)--> draining --answers sent, or DRAIN_MS--> ended, 0
 *        +-----the aggregator goes away or breaks the rules (on_aggregator_end)--------> ended, 1
 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, accept4 */
#include "server/front/front.h"

#include "server/front/front_parts.h"
#include "server/log.h"
#include "support/file.h"
#include "support/language.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define BACKLOG 512
#define DRAIN_MS 8000
#define ACCEPT_PAUSE_MS 100 /* after the system gave no descriptor; while none may be closed */
#define SILENT_MS 1000      /* how long a connection may ask nothing when there is no room */

/* --- requests at the aggregator --------------------------------------------------------------- */

void front_send(struct front *front, struct ska_writer *frame)
{
    if (front->channel == NULL) {
        ska_writer_clear(frame);
        return;
    }
    enum ska_status status = channel_send(front->channel, frame);
    if (status != SKA_OK) {
        log_error("aggregator_unreachable", "status=%s", ska_status_name(status));
        front->exit_status = 1;
        (void)event_base_loopbreak(front->base);
    }
}

bool front_has_room(const struct front *front, size_t body_len)
{
    return !front->draining && front->channel != NULL &&
           front->n_open < front->config->requests_max &&
           atomic_load(&front->shared->bodies_bytes) <= BODIES_BYTES_MAX - body_len &&
           channel_queued(front->channel) < CHANNEL_BYTES_MAX;
}

enum ska_status front_request(struct front *front, struct connection *connection,
                              struct ska_slice body)
{
    if (!front_has_room(front, 0))
        return SKA_E_BUSY;
    while (front->open[front->next_id & front->open_mask].connection != NULL)
        front->next_id++; /* there are twice as many places as requests */
    uint32_t id = front->next_id++;
    struct ipc_request m = {
        .route = connection->routed.info->route, .peer = connection->is_peer, .body = body};
    memcpy(m.task_id, connection->routed.task_id, sizeof m.task_id);
    memcpy(m.name, connection->routed.name, sizeof m.name);
    struct ska_writer w = {0};
    ipc_write_request(&w, id, &m);
    SKA_TRY(channel_send(front->channel, &w));
    front->open[id & front->open_mask] = (struct open_request){connection, id};
    front->n_open++;
    connection->id = id;
    return SKA_OK;
}

/* The open request with this id, taken out of the table; NULL if there is none. */
static struct connection *take_open(struct front *front, uint32_t id)
{
    struct open_request *at = &front->open[id & front->open_mask];
    if (at->connection == NULL || at->id != id)
        return NULL;
    struct connection *connection = at->connection;
    *at = (struct open_request){0};
    front->n_open--;
    return connection;
}

void front_request_closed(struct front *front, uint32_t id)
{
    struct connection *connection = take_open(front, id);
    assert(connection != NULL);
    struct ska_writer w = {0};
    ipc_write_empty(&w, id, IPC_CLOSED);
    front_send(front, &w);
}

static enum ska_status on_answer(struct front *front, uint32_t id, struct ska_slice payload)
{
    struct ipc_answer answer;
    SKA_TRY(ipc_read_answer(&answer, payload));
    struct connection *connection = take_open(front, id);
    if (connection != NULL) {
        connection_answer(connection, &answer);
        return SKA_OK;
    }
    /* Its client went away before the aggregator knew; but an id never given is a fault. */
    uint32_t age = front->next_id - id;
    return age == 0 || age > UINT32_MAX / 2 ? SKA_E_PEER : SKA_OK;
}

static enum ska_status on_frame(void *arg, enum ipc_type type, uint32_t id,
                                struct ska_slice payload)
{
    struct front *front = arg;
    switch (type) {
    case IPC_ANSWER:
        return on_answer(front, id, payload);
    case IPC_FETCH: {
        struct ipc_fetch fetch;
        SKA_TRY(ipc_read_fetch(&fetch, payload));
        if (fetch.route == ROUTE_ADD_CHECKPOINT)
            witness_fetch(front, id, &fetch);
        else
            peer_fetch(front->peer, id, &fetch);
        return SKA_OK;
    }
    case IPC_REQUEST:
    case IPC_FETCHED:
    case IPC_CLOSED:
    case IPC_DRAIN:
        return SKA_E_PEER;
    }
    return SKA_E_PEER;
}

/* --- draining --------------------------------------------------------------------------------- */

/* Close every connection that no answer is on its way to. */
static void close_idle(struct front *front)
{
    struct connection *next;
    for (struct connection *c = front->connections; c != NULL; c = next) {
        next = c->next;
        bool answered = c->state == CONNECTION_WAITING || c->state == CONNECTION_REPLYING ||
                        c->state == CONNECTION_LINGER;
        if (!answered || (c->state == CONNECTION_WAITING && front->channel == NULL))
            connection_free(c);
    }
}

static void end_if_drained(struct front *front)
{
    if (front->draining && front->channel == NULL && front->n_connections == 0)
        (void)event_base_loopbreak(front->base);
}

void front_connection_gone(struct front *front)
{
    if (!front->draining && !evtimer_pending(front->accept_timer, NULL))
        (void)event_add(front->listener, NULL);
    end_if_drained(front);
}

static void start_drain(struct front *front)
{
    if (front->draining)
        return;
    front->draining = true;
    log_info("front_draining", "requests=%zu connections=%zu", front->n_open, front->n_connections);
    (void)event_del(front->listener);
    (void)close(front->listen_fd); /* the last front's ends the listening */
    front->listen_fd = -1;
    (void)evtimer_del(front->accept_timer); /* from now on it tells the aggregator's end */
    struct timeval tv = {.tv_sec = DRAIN_MS / 1000};
    (void)evtimer_add(front->stop_timer, &tv);
    struct ska_writer w = {0};
    ipc_write_empty(&w, 0, IPC_DRAIN);
    front_send(front, &w);
    close_idle(front);
    end_if_drained(front);
}

static void on_signal(evutil_socket_t signal, short what, void *arg)
{
    (void)signal;
    (void)what;
    start_drain(arg);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct front *front = arg;
    log_warn("front_cut", "connections=%zu", front->n_connections);
    (void)event_base_loopbreak(front->base);
}

static void on_aggregator_end(void *arg, enum ska_status why)
{
    struct front *front = arg;
    if (front->draining && why == SKA_OK) {
        /* The channel must outlive this call: on_channel_gone frees it. */
        struct timeval now = {0};
        (void)evtimer_add(front->accept_timer, &now);
        return;
    }
    log_error("aggregator_gone", "status=%s", ska_status_name(why));
    front->exit_status = 1;
    (void)event_base_loopbreak(front->base);
}

/* --- accepting -------------------------------------------------------------------------------- */

uint64_t front_now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail with this clock */
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

/*
 * Whom to close when there is no room: who is idle for longest, else who has asked nothing for
 * longest, but not before SILENT_MS. So silent connections, however many, keep nobody out for
 * longer than that, and who does ask is not pushed out by a burst of new ones. NULL: nobody yet.
 */
static struct connection *least_needed(const struct front *front)
{
    struct connection *idle = NULL;
    struct connection *silent = NULL;
    for (struct connection *c = front->connections; c != NULL; c = c->next) {
        bool asks_nothing = c->state == CONNECTION_HANDSHAKE || c->state == CONNECTION_HEAD;
        if (c->state == CONNECTION_IDLE)
            idle = c;
        else if (asks_nothing && (silent == NULL || c->since_ms <= silent->since_ms))
            silent = c;
    }
    if (idle != NULL || silent == NULL)
        return idle;
    return front_now_ms() - silent->since_ms >= SILENT_MS ? silent : NULL;
}

static bool is_full(const struct front *front)
{
    return atomic_load(&front->shared->n_connections) >= front->config->connections_max;
}

/* Accept nothing for a moment; then on_accept_timer looks again. */
static void pause_accepting(struct front *front)
{
    struct timeval pause = {.tv_usec = ACCEPT_PAUSE_MS * 1000};
    (void)event_del(front->listener);
    (void)evtimer_add(front->accept_timer, &pause);
}

/* Nothing was accepted: another front was faster, or the client gone again, or the system is short
 * of something. */
static void on_accept_error(struct front *front)
{
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
        return;
    log_peer("accept_failed", "reason=\"%s\"", strerror(errno));
    pause_accepting(front);
}

/* Take one connection: the others are for the fronts that have more time. If all is full, a front
 * that has nobody to close leaves the new one to those that have. */
static void on_acceptable(evutil_socket_t listen_fd, short what, void *arg)
{
    (void)what;
    struct front *front = arg;
    struct connection *victim = is_full(front) ? least_needed(front) : NULL;
    if (victim == NULL && is_full(front)) {
        log_peer("connections_full", "connections=%zu", front->n_connections);
        pause_accepting(front);
        return;
    }
    struct sockaddr_storage from = {0};
    socklen_t from_len = sizeof from;
    int fd = accept4(listen_fd, (struct sockaddr *)&from, &from_len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        on_accept_error(front);
        return;
    }
    struct address *one = NULL;
    if (!addresses_enter(&one, front->shared->addresses, (const struct sockaddr *)&from,
                         front_now_ms())) {
        (void)close(fd); /* before anybody else has to go */
        log_peer("address_full", "connections=%zu", front->n_connections);
        return;
    }
    if (victim != NULL)
        connection_free(victim);
    connection_new(front, fd, one);
}

/* Accept again after a pause; while draining, the aggregator's end is complete. */
static void on_accept_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct front *front = arg;
    if (!front->draining && is_full(front) && least_needed(front) == NULL) {
        pause_accepting(front);
        return;
    }
    if (!front->draining) {
        (void)event_add(front->listener, NULL);
        return;
    }
    channel_free(front->channel);
    front->channel = NULL;
    close_idle(front);
    end_if_drained(front);
}

/* --- opening and running ---------------------------------------------------------------------- */

static enum ska_status parse_address(struct sockaddr_storage *out, socklen_t *len,
                                     const struct config *config, struct ska_error *err)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)config->listen_port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons((uint16_t)config->listen_port)};
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, config->listen_address, &v4.sin_addr) == 1) {
        memcpy(out, &v4, sizeof v4);
        *len = sizeof v4;
    } else if (inet_pton(AF_INET6, config->listen_address, &v6.sin6_addr) == 1) {
        memcpy(out, &v6, sizeof v6);
        *len = sizeof v6;
    } else {
        return ska_fail(
            err, SKA_E_CONFIG,
            tr("listen_address: %s är ingen IP-adress", "listen_address: %s is not an IP address"),
            config->listen_address);
    }
    return SKA_OK;
}

enum ska_status front_listen(int *fd, const struct config *config, struct ska_error *err)
{
    struct sockaddr_storage address;
    socklen_t len = 0;
    SKA_TRY(parse_address(&address, &len, config, err));
    int s = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(s, (const struct sockaddr *)&address, len) != 0 || listen(s, BACKLOG) != 0) {
        int error = errno;
        if (s >= 0)
            (void)close(s);
        return ska_fail(err, SKA_E_NETWORK, "listen_address %s, listen_port %" PRIu64 ": %s",
                        config->listen_address, config->listen_port, ska_text(strerror(error)));
    }
    *fd = s;
    return SKA_OK;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    uint16_t port = 0; /* at the same place in both families */
    memcpy(&port, (const uint8_t *)&address + offsetof(struct sockaddr_in, sin_port), sizeof port);
    return ntohs(port);
}

static enum ska_status write_port(const struct front *front, struct ska_error *err)
{
    unsigned port = port_of(front->listen_fd);
    log_info("front_listening", "address=%s port=%u", front->config->listen_address, port);
    if (front->config->port_file[0] == '\0')
        return SKA_OK;
    char text[16];
    int n = snprintf(text, sizeof text, "%u\n", port);
    return file_write(front->config->port_file, text, (size_t)n, false, err);
}

/* The path of own_url, under which everything is served. */
static void take_base_path(struct front *front)
{
    const char *host = front->config->own_url + strlen("https://");
    const char *slash = strchr(host, '/'); /* there is one: the configuration was checked */
    assert(slash != NULL && strlen(slash) < sizeof front->base_path);
    memcpy(front->base_path, slash, strlen(slash));
}

static enum ska_status open_events(struct front *front, struct ska_error *err)
{
    front->listener =
        event_new(front->base, front->listen_fd, EV_READ | EV_PERSIST, on_acceptable, front);
    front->on_term = evsignal_new(front->base, SIGTERM, on_signal, front);
    front->on_int = evsignal_new(front->base, SIGINT, on_signal, front);
    front->stop_timer = evtimer_new(front->base, on_stop, front);
    front->accept_timer = evtimer_new(front->base, on_accept_timer, front);
    uint32_t places = 2;
    while (places < 2 * front->config->requests_max)
        places *= 2; /* at most 2^17: requests_max is limited */
    front->open_mask = places - 1;
    front->open = ska_alloc(places, sizeof *front->open);
    if (front->listener == NULL || front->on_term == NULL || front->on_int == NULL ||
        front->stop_timer == NULL || front->accept_timer == NULL || front->open == NULL ||
        event_add(front->listener, NULL) != 0 || evsignal_add(front->on_term, NULL) != 0 ||
        evsignal_add(front->on_int, NULL) != 0)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    return SKA_OK;
}

/* A descriptor for every connection, and for its file of the site; a warning if the system grants
 * fewer. */
static void raise_descriptors(const struct config *config)
{
    struct rlimit limit;
    rlim_t want = 2 * config->connections_max + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur < want) {
        limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur < want)
        log_warn("few_descriptors", "limit=%ju wanted=%ju", (uintmax_t)limit.rlim_cur,
                 (uintmax_t)want);
}

static enum ska_status open_parts(struct front *front, struct ska_error *err)
{
    const struct config *config = front->config;
    take_base_path(front);
    raise_descriptors(config);
    SKA_TRY(tls_server_context(&front->server_tls, config, err));
    if (config->site[0] != '\0') {
        front->site_fd = open(config->site, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (front->site_fd < 0)
            return ska_fail(err, SKA_E_CONFIG, "site: %s: %s", config->site,
                            ska_text(strerror(errno)));
        if (cache_new(&front->cache) != SKA_OK)
            return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    }
    if (config->log[0] != '\0') {
        front->log_fd = open(config->log, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (front->log_fd < 0)
            return ska_fail(err, SKA_E_CONFIG, "log: %s: %s", config->log,
                            ska_text(strerror(errno)));
    }
    if (evutil_secure_rng_init() != 0)
        return ska_fail(
            err, SKA_E_CRYPTO,
            tr("operativsystemet gav inga slumptal", "the operating system gave no randomness"));
    front->base = event_base_new();
    if (front->base == NULL)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    SKA_TRY(open_events(front, err));
    SKA_TRY(peer_new(&front->peer, front, err));
    return witnesses_open(front, err);
}

enum ska_status front_shared_new(struct front_shared **out, const struct config *config,
                                 struct ska_error *err)
{
    struct front_shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    const struct address_limits limits = {.connections = config->address_connections_max,
                                          .requests_per_s = config->address_requests_per_s,
                                          .connections_total = config->connections_max};
    if (addresses_new(&shared->addresses, &limits) != SKA_OK) {
        front_shared_free(shared);
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    }
    *out = shared;
    return SKA_OK;
}

void front_shared_free(struct front_shared *shared)
{
    if (shared == NULL)
        return;
    addresses_free(shared->addresses);
    (void)munmap(shared, sizeof *shared);
}

size_t front_witness_ports(uint16_t ports[static SKA_POLICY_MEMBERS_MAX], const struct front *front)
{
    size_t n = 0;
    for (size_t i = 0; i < SKA_POLICY_MEMBERS_MAX; i++)
        if (front->witnesses[i] != NULL)
            ports[n++] = peer_port(front->witnesses[i]);
    return n;
}

enum ska_status front_open(struct front **out, const struct config *config,
                           struct front_shared *shared, int listen_fd, bool is_first,
                           struct ska_error *err)
{
    struct front *front = ska_alloc(1, sizeof *front);
    if (front == NULL) {
        (void)close(listen_fd);
        return ska_fail(err, SKA_E_MEMORY, "%s", ska_status_text(SKA_E_MEMORY));
    }
    front->config = config;
    front->shared = shared;
    front->listen_fd = listen_fd;
    front->site_fd = -1;
    front->log_fd = -1;
    front->next_id = 1;
    enum ska_status status = open_parts(front, err);
    if (status == SKA_OK && is_first)
        status = write_port(front, err);
    if (status != SKA_OK) {
        front_free(front);
        return status;
    }
    *out = front;
    return SKA_OK;
}

int front_run(struct front *front, int socket_fd)
{
    const struct channel_events events = {
        .on_frame = on_frame, .on_end = on_aggregator_end, .arg = front};
    enum ska_status status = channel_new(&front->channel, front->base, socket_fd, &events);
    if (status != SKA_OK) {
        (void)close(socket_fd);
        log_error("front_failed", "status=%s", ska_status_name(status));
        return 1;
    }
    if (event_base_dispatch(front->base) < 0) {
        log_error("front_failed", "reason=\"event loop\"");
        return 1;
    }
    log_info("front_ended", "status=%d", front->exit_status);
    return front->exit_status;
}

static void free_event(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

void front_free(struct front *front)
{
    if (front == NULL)
        return;
    front->draining = true;
    while (front->connections != NULL)
        connection_free(front->connections);
    peer_free(front->peer);
    witnesses_free(front);
    channel_free(front->channel);
    free_event(front->listener);
    if (front->listen_fd >= 0)
        (void)close(front->listen_fd);
    free_event(front->on_term);
    free_event(front->on_int);
    free_event(front->stop_timer);
    free_event(front->accept_timer);
    free(front->open);
    cache_free(front->cache); /* after all connections, whose output refers to it */
    SSL_CTX_free(front->server_tls);
    if (front->site_fd >= 0)
        (void)close(front->site_fd); /* only read from */
    if (front->log_fd >= 0)
        (void)close(front->log_fd); /* only read from */
    if (front->base != NULL)
        event_base_free(front->base);
    free(front);
}
