#include "CKnowledge.h"

static const char facts_any[] = {
#embed "facts/any.facts"
};
static const char facts_bird[] = {
#embed "facts/bird.facts"
};
static const char facts_cat[] = {
#embed "facts/cat.facts"
};
static const char facts_dog[] = {
#embed "facts/dog.facts"
};
static const char facts_fish[] = {
#embed "facts/fish.facts"
};
static const char facts_rabbit[] = {
#embed "facts/rabbit.facts"
};
static const char facts_reptile[] = {
#embed "facts/reptile.facts"
};
static const char facts_small_mammal[] = {
#embed "facts/small-mammal.facts"
};
static const char options[] = {
#embed "tables/options.txt"
};
static const char signs[] = {
#embed "tables/signs.txt"
};
static const char procedures[] = {
#embed "tables/procedures.txt"
};
static const char questions[] = {
#embed "tables/questions.txt"
};
static const char mistakes[] = {
#embed "tables/mistakes.txt"
};
static const char routines[] = {
#embed "tables/routines.txt"
};
static const char breeds[] = {
#embed "tables/breeds.txt"
};
static const char criteria[] = {
#embed "tables/criteria.txt"
};
static const char checklists[] = {
#embed "tables/checklists.txt"
};

static const petstore_knowledge_file files[] = {
    {"facts/any", facts_any, sizeof facts_any},
    {"facts/bird", facts_bird, sizeof facts_bird},
    {"facts/cat", facts_cat, sizeof facts_cat},
    {"facts/dog", facts_dog, sizeof facts_dog},
    {"facts/fish", facts_fish, sizeof facts_fish},
    {"facts/rabbit", facts_rabbit, sizeof facts_rabbit},
    {"facts/reptile", facts_reptile, sizeof facts_reptile},
    {"facts/small mammal", facts_small_mammal, sizeof facts_small_mammal},
    {"options", options, sizeof options},
    {"signs", signs, sizeof signs},
    {"procedures", procedures, sizeof procedures},
    {"questions", questions, sizeof questions},
    {"mistakes", mistakes, sizeof mistakes},
    {"routines", routines, sizeof routines},
    {"breeds", breeds, sizeof breeds},
    {"criteria", criteria, sizeof criteria},
    {"checklists", checklists, sizeof checklists},
};

petstore_knowledge_file petstore_knowledge(size_t index) {
  if (index < sizeof files / sizeof *files) return files[index];
  return (petstore_knowledge_file){NULL, NULL, 0};
}
