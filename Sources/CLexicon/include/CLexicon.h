// The word lists of the text analysis, embedded in the executable as they are.
#ifndef PETSTORE_LEXICON_H
#define PETSTORE_LEXICON_H

#include <stddef.h>

typedef struct {
  const unsigned char *bytes;
  size_t count;
} petstore_data;

petstore_data petstore_syllables(void);
petstore_data petstore_easy_words(void);

#endif
