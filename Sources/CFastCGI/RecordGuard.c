/* The record guard: reads every byte of a FastCGI connection before libfcgi does.
 *
 * libfcgi 2.4.2 trusts its peer. Name and value lengths near 2^31 in FCGI_PARAMS, and a repeated name in
 * FCGI_GET_VALUES, end the whole process; a peer that stops sending holds a thread for ever. libfcgi reads only
 * through its own function OS_Read, which it calls by way of the dynamic symbol table, so the definition below takes
 * that function's place in the whole program: each byte passes a small state machine that knows the records of a
 * responder request (FastCGI specification, sections 3.3 and 5), and a read past a violation fails, which libfcgi
 * answers by closing that one connection.
 *
 * nginx sends BEGIN_REQUEST, PARAMS, STDIN and ABORT_REQUEST, never a management record; so no other is let through.
 */
#include "CFastCGI.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

enum { BEGIN_REQUEST = 1, ABORT_REQUEST = 2, PARAMS = 4, STDIN = 5 };
enum { HEADER_LENGTH = 8 };

/* Where in a name-value pair of FCGI_PARAMS the next byte falls. */
enum pair_state { NAME_LENGTH, VALUE_LENGTH, PAIR_BYTES };

static _Thread_local struct {
    int fd;                          /* the connection under guard, or -1 */
    int deadline_ms;
    int refused;
    uint8_t header[HEADER_LENGTH];
    unsigned header_filled;
    unsigned content_left, padding_left;
    int type;
    enum pair_state pair;
    unsigned length_bytes, length_value; /* a length in the making: bytes still to come, value so far */
    uint64_t pair_left;
    uint64_t params_total;
} guard = {.fd = -1};

void petstore_guard_begin(int fd, int deadline_ms) {
    guard.fd = fd;
    guard.deadline_ms = deadline_ms;
    guard.refused = 0;
    guard.header_filled = 0;
    guard.content_left = guard.padding_left = 0;
    guard.pair = NAME_LENGTH;
    guard.length_bytes = 0;
    guard.pair_left = 0;
    guard.params_total = 0;
}

int petstore_guard_end(void) {
    guard.fd = -1;
    return guard.refused;
}

/* One byte of a length in FCGI_PARAMS: one byte below 128, else four with the top bit set (section 3.4). */
static int length_byte(uint8_t byte) {
    if (guard.length_bytes == 0) {
        if (byte & 0x80) {
            guard.length_bytes = 3;
            guard.length_value = byte & 0x7f;
            return 1;
        }
        guard.length_value = byte;
    } else {
        guard.length_value = guard.length_value << 8 | byte;
        if (--guard.length_bytes > 0) return 1;
    }
    if (guard.length_value > PETSTORE_PARAMS_LIMIT) return 0;
    guard.pair_left += guard.length_value;
    if (guard.pair == NAME_LENGTH) {
        guard.pair = VALUE_LENGTH;
    } else {
        guard.pair = guard.pair_left > 0 ? PAIR_BYTES : NAME_LENGTH;
    }
    return 1;
}

static int header_complete(void) {
    const uint8_t *h = guard.header;
    unsigned request_id = (unsigned)h[2] << 8 | h[3];
    guard.type = h[1];
    guard.content_left = (unsigned)h[4] << 8 | h[5];
    guard.padding_left = h[6];
    guard.header_filled = 0;
    if (h[0] != 1 || request_id == 0) return 0;
    switch (guard.type) {
    case BEGIN_REQUEST: return guard.content_left == 8;
    case PARAMS:
        guard.params_total += guard.content_left;
        /* An empty record ends the stream: it may not end in the middle of a pair. */
        if (guard.content_left == 0) return guard.pair == NAME_LENGTH && guard.length_bytes == 0;
        return guard.params_total <= PETSTORE_PARAMS_LIMIT;
    case STDIN: return 1;
    case ABORT_REQUEST: return 1;
    default: return 0;
    }
}

static int pass(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        if (guard.content_left > 0) {
            size_t step = count - i < guard.content_left ? count - i : guard.content_left;
            if (guard.type == PARAMS && guard.pair == PAIR_BYTES) {
                /* Names and values themselves say nothing here: a token alone has a thousand bytes. */
                if (step > guard.pair_left) step = (size_t)guard.pair_left;
                guard.pair_left -= step;
                if (guard.pair_left == 0) guard.pair = NAME_LENGTH;
            } else if (guard.type == PARAMS) {
                step = 1;
                if (!length_byte(bytes[i])) return 0;
            }
            guard.content_left -= (unsigned)step;
            i += step;
        } else if (guard.padding_left > 0) {
            size_t skip = count - i < guard.padding_left ? count - i : guard.padding_left;
            guard.padding_left -= (unsigned)skip;
            i += skip;
        } else {
            guard.header[guard.header_filled++] = bytes[i++];
            if (guard.header_filled == HEADER_LENGTH && !header_complete()) return 0;
        }
    }
    return 1;
}

/* Takes the place of libfcgi's function of the same name. */
int OS_Read(int fd, char *buffer, size_t length) {
    if (fd != guard.fd) return (int)read(fd, buffer, length);
    if (guard.refused) return -1;
    for (;;) {
        ssize_t count = recv(fd, buffer, length, MSG_DONTWAIT);
        if (count > 0) {
            if (pass((const uint8_t *)buffer, (size_t)count)) return (int)count;
            break;
        }
        if (count == 0) return 0;
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return -1;
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, guard.deadline_ms);
        if (ready == 0 || (ready < 0 && errno != EINTR)) break;
    }
    guard.refused = 1;
    /* libfcgi would wait up to two seconds for such a peer to close its side, with the thread. */
    shutdown(fd, SHUT_RDWR);
    errno = EPROTO;
    return -1;
}
