#pragma once
#include <fcgiapp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

/* See RecordGuard.c. */

/* Starts watching a connection's bytes on this thread: what libfcgi reads from `fd` until petstore_guard_end goes
 * through the guard. `deadline_ms` bounds every single wait for bytes. */
void petstore_guard_begin(int fd, int deadline_ms);

/* Ends it. Gives 1 if the guard refused the connection's bytes or a wait ran out, 0 if all was well. */
int petstore_guard_end(void);

/* Accepts a connection, closed on exec. */
int petstore_accept(int listener);

/* Bounds of the guard: bytes of FCGI_PARAMS a request may bring in all. */
enum { PETSTORE_PARAMS_LIMIT = 128 * 1024 };
