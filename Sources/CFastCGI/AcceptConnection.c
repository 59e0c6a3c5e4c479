/* accept4 is a GNU extension, which Swift's view of the C library leaves out. */
#define _GNU_SOURCE
#include "CFastCGI.h"

int petstore_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }
