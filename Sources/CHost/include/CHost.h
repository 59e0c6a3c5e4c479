#pragma once
#include <malloc.h>
#include <stdint.h>
#include <sys/sysinfo.h>

/* Blocks of a megabyte and more go back to the system when they are freed. Without this glibc learns from the first
 * one that it should keep them, and every thread that ever hashed a password holds 19 MB for good. */
static inline void petstore_return_large_blocks(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

/* Atomic counters in memory that several processes map. Relaxed order: each counter stands for itself. */
static inline void petstore_counter_add(uint64_t *counter, uint64_t amount) {
    __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
}
static inline void petstore_counter_store(uint64_t *counter, uint64_t value) {
    __atomic_store_n(counter, value, __ATOMIC_RELAXED);
}
static inline uint64_t petstore_counter_load(const uint64_t *counter) {
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* The load average of the last minute, in 1/65536 (sysinfo(2)); 0 if the kernel does not say. Its structure is not in
 * Swift's view of glibc. */
static inline unsigned long petstore_load_average(void) {
    struct sysinfo answer;
    return sysinfo(&answer) == 0 ? answer.loads[0] : 0;
}

/* See CrashReport.c. */
void petstore_crash_report_install(void);
void petstore_crash_report_request(const char *request_id, int length);

// What glibc shows only to those who ask for GNU's own: pipes and files in memory that no child inherits unasked.
// Both give -1 and errno where there is none to be had. The file has no name and is for its owner alone.
int petstore_pipe(int ends[2]);
int petstore_memory_file(void);
