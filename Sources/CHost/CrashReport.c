/* The crash report: what the journal gets when a Swift trap or a bad access ends the process.
 *
 * Only async-signal-safe calls here: the heap may be broken. After the report the signal's own action runs, so that
 * systemd sees the true cause of death. */
#define _GNU_SOURCE
#include "CHost.h"

#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static _Thread_local char request_id[72];

/* Remembers which request this thread runs; length 0 forgets it. */
void petstore_crash_report_request(const char *id, int length) {
    if (length < 0 || length > (int)sizeof request_id - 1) length = sizeof request_id - 1;
    memcpy(request_id, id, (size_t)length);
    request_id[length] = 0;
}

static void put(const char *text) {
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

static void report(int signal_number) {
    char number[3] = {(char)('0' + signal_number / 10), (char)('0' + signal_number % 10), 0};
    put("{\"level\":\"critical\",\"message\":\"fatal signal\",\"signal\":");
    put(number[0] == '0' ? number + 1 : number);
    put(",\"request_id\":\"");
    put(request_id);
    put("\"}\nbacktrace:\n");
    void *frames[64];
    int count = backtrace(frames, 64);
    backtrace_symbols_fd(frames, count, STDERR_FILENO);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void petstore_crash_report_install(void) {
    /* The first call loads libgcc, which is not safe later, in a handler. */
    void *warm_up[1];
    backtrace(warm_up, 1);
    static char stack[64 * 1024];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, 0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = report;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
    for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, 0);
}
