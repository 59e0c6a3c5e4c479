#define _GNU_SOURCE
#include "CHost.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int petstore_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int petstore_memory_file(void) {
    int descriptor = memfd_create("petstore", MFD_CLOEXEC);
    if (descriptor >= 0) (void)fchmod(descriptor, 0600);
    return descriptor;
}
