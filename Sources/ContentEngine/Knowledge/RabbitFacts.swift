// Facts about rabbits, one a line: species | theme | stage | fact | source note.

extension KnowledgeText {
  static let rabbits = #"""
    rabbit | feeding | all | Hay or grass should make up at least eighty percent of what a rabbit eats. | nutrition
    rabbit | feeding | all | A pile of hay as big as the rabbit itself is a fair daily portion. | nutrition
    rabbit | feeding | all | Timothy, orchard and meadow hay suit adult rabbits. | nutrition
    rabbit | feeding | young | Alfalfa hay is rich in calcium and belongs in the diet of young rabbits only. | nutrition
    rabbit | feeding | all | One eighth to one quarter cup of plain pellets a day is enough for a five pound rabbit. | nutrition
    rabbit | feeding | all | Plain pellets beat mixed muesli, because rabbits pick out the sweet bits. | nutrition
    rabbit | feeding | all | Leafy greens such as romaine, cilantro and parsley can be fed every day. | nutrition
    rabbit | feeding | all | Fruit and carrots are sweet treats and should stay under one spoonful a day. | nutrition
    rabbit | feeding | safety | Iceberg lettuce, potato, rhubarb and avocado are not safe for rabbits. | toxicology
    rabbit | feeding | safety | A rabbit that has not eaten for twelve hours needs a vet the same day. | vet
    rabbit | feeding | all | New greens should be added one at a time over several days. | nutrition
    rabbit | feeding | all | Rabbits eat soft droppings straight from the body, and this is normal. | nutrition
    rabbit | feeding | all | A heavy bowl lets a rabbit drink more than a bottle does. | husbandry
    rabbit | feeding | budget | Hay bought by the bale costs far less than hay bought in small bags. | husbandry
    rabbit | litter | all | Most neutered rabbits learn to use a tray within a few weeks. | behavior
    rabbit | litter | all | Put the hay rack above the tray, because rabbits eat and toilet at the same time. | behavior
    rabbit | litter | all | Paper pellets are a safe litter for rabbits. | husbandry
    rabbit | litter | safety | Clumping clay and cedar shavings are not safe for rabbits. | vet
    rabbit | litter | all | A large cat tray gives a rabbit room to turn and sit. | husbandry
    rabbit | litter | all | Move stray droppings into the tray so that the smell marks the right place. | behavior
    rabbit | litter | all | Rabbit urine may be yellow or rusty red from plant pigments, but a vet should check if there is straining. | vet
    rabbit | housing | all | A pair of rabbits needs at least thirty square feet of floor at all times. | welfare
    rabbit | housing | all | The home should be tall enough for a rabbit to stand on its back legs. | welfare
    rabbit | housing | all | Solid floors protect rabbit feet, since wire causes sores. | welfare
    rabbit | housing | all | Two hiding places with two exits each prevent quarrels. | welfare
    rabbit | housing | safety | Cables should be covered, because rabbits chew all that looks like a root. | husbandry
    rabbit | housing | all | Outdoor runs need a roof and a floor of mesh against predators. | welfare
    rabbit | housing | apartment | A puppy pen makes a better indoor base than most store cages. | husbandry
    rabbit | toys | all | Tunnels, cardboard castles and digging boxes keep rabbits busy. | welfare
    rabbit | toys | all | Untreated apple and willow sticks are good for gnawing. | husbandry
    rabbit | toys | budget | A toilet roll stuffed with hay costs nothing and entertains for an hour. | husbandry
    rabbit | grooming | all | Rabbits shed heavily several times a year and then need daily brushing. | husbandry
    rabbit | grooming | safety | A bath can send a rabbit into shock, so clean dirty spots with a damp cloth. | vet
    rabbit | grooming | all | Nails need a trim every four to eight weeks. | husbandry
    rabbit | grooming | all | Long coated rabbits mat within days and need a comb every day. | husbandry
    rabbit | grooming | all | A dirty rear end in summer can draw flies, so check twice a day and call a vet if maggots appear. | vet
    rabbit | dental | all | Rabbit teeth grow all through life and wear down on hay. | vet
    rabbit | dental | all | Drooling, a wet chin or dropped greens mean that a vet should look at the teeth. | vet
    rabbit | dental | all | A vet should check the back teeth at least once a year. | vet
    rabbit | dental | all | Chew toys help, but only long hay wears the back teeth evenly. | vet
    rabbit | dental | senior | Weight loss in an older rabbit often begins at the teeth, so ask a vet. | vet
    rabbit | health | safety | No droppings and no appetite mean a gut that has stopped, so go to a vet at once. | vet
    rabbit | health | all | Vaccines against rabbit hemorrhagic disease are advised in many regions, and a vet knows the local risk. | vet
    rabbit | health | all | A head tilt or loss of balance needs a vet the same day. | vet
    rabbit | health | all | Sneezing with a white discharge is a sign to see a vet. | vet
    rabbit | health | all | Unspayed female rabbits have a high risk of womb cancer, so ask a vet about spaying. | vet
    rabbit | health | safety | Flea products with fipronil are dangerous for rabbits, so ask a vet first. | toxicology
    rabbit | health | senior | Sore hocks and stiff hops in an older rabbit should be seen by a vet. | vet
    rabbit | training | all | Rabbits come to a sound that always brings a bit of parsley. | behavior
    rabbit | training | all | Sit on the floor and let the rabbit come close, because being lifted scares most of them. | behavior
    rabbit | training | all | Support the back legs in every lift, since a kick can break a rabbit spine. | vet
    rabbit | training | all | Neutral ground is the best place for two rabbits to meet. | behavior
    rabbit | travel | all | Bonded rabbits should travel together so that they comfort each other. | behavior
    rabbit | travel | all | Line the carrier with a towel and plenty of hay. | husbandry
    rabbit | travel | safety | A hot car is more dangerous to a rabbit than a cold one. | vet
    rabbit | seasons | all | Rabbits cope with cold better than with heat above eighty degrees Fahrenheit. | vet
    rabbit | seasons | all | A frozen water bottle to lie against cools a rabbit on hot days. | husbandry
    rabbit | seasons | safety | A limp, panting rabbit may have heatstroke and needs a vet. | vet
    rabbit | seasons | all | Check bottles and bowls twice a day in frost. | husbandry
    rabbit | general care | all | Rabbits need the company of another rabbit. | welfare
    rabbit | general care | all | A healthy rabbit may live for eight to twelve years. | welfare
    rabbit | general care | all | Rabbits are most active at dawn and dusk. | behavior
    rabbit | general care | all | At least four hours of free running a day keep bones and gut strong. | welfare
    rabbit | general care | all | A loud thump of the back foot is a warning to others. | behavior
    rabbit | general care | all | A leap with a twist in the air shows that a rabbit is happy. | behavior
    rabbit | general care | children | Small children should pet a rabbit on the floor instead of carrying it. | welfare
    rabbit | general care | beginners | A neutered pair from a shelter is often bonded already. | welfare
    """#
}
