// The facts and tables of the content engine, embedded as they stand in the files beside.
#ifndef PETSTORE_KNOWLEDGE_H
#define PETSTORE_KNOWLEDGE_H

#include <stddef.h>

typedef struct {
  const char *name;
  const char *text;
  size_t count;
} petstore_knowledge_file;

// The files in any order; after the last one `name` is null.
petstore_knowledge_file petstore_knowledge(size_t index);

#endif
