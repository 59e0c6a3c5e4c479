#include "CLexicon.h"

// A function NAME that gives the bytes of the array that follows in FILE.
#define GIVE(name) \
  petstore_data petstore_##name(void) { return (petstore_data){name##_bytes, sizeof name##_bytes}; }

static const unsigned char syllables_bytes[] = {
#embed "lexicon/syllables.txt"
};
GIVE(syllables)

static const unsigned char easy_words_bytes[] = {
#embed "lexicon/easy-words.txt"
};
GIVE(easy_words)
