#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

/* Macros made of other macros are invisible to Swift. */
static inline int petstore_evp_pkey_public_key(void) { return EVP_PKEY_PUBLIC_KEY; }

/* An OSSL_PARAM keeps the pointer to its name. Of a macro Swift makes a String, whose pointer lasts for one call. */
static inline const char *petstore_mac_digest(void) { return OSSL_MAC_PARAM_DIGEST; }
static inline const char *petstore_rsa_n(void) { return OSSL_PKEY_PARAM_RSA_N; }
static inline const char *petstore_rsa_e(void) { return OSSL_PKEY_PARAM_RSA_E; }
