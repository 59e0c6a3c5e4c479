#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

/* Macros made of other macros are invisible to Swift. */
static inline int petstore_evp_pkey_public_key(void) { return EVP_PKEY_PUBLIC_KEY; }
