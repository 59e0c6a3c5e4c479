#pragma once
#include <stdint.h>

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

/* See CrashReport.c. */
void petstore_crash_report_install(void);
void petstore_crash_report_request(const char *request_id, int length);
