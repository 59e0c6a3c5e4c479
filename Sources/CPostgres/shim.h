#pragma once
#include <libpq-fe.h>

/* Macros with a cast are invisible to Swift. */
static inline int petstore_pg_diag_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int petstore_pg_diag_constraint(void) { return PG_DIAG_CONSTRAINT_NAME; }
static inline int petstore_pg_diag_message(void) { return PG_DIAG_MESSAGE_PRIMARY; }
