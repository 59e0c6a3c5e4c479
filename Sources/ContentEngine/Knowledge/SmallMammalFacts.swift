// Facts about guinea pigs, hamsters, gerbils, rats, mice, ferrets and chinchillas.
//
// Each sentence names its animal, because the needs of these species differ widely.

extension KnowledgeText {
  static let smallMammals = #"""
    small mammal | feeding | all | Guinea pigs cannot make vitamin C and need it in food every day. | nutrition
    small mammal | feeding | all | Bell pepper is an easy source of vitamin C for guinea pigs. | nutrition
    small mammal | feeding | all | Hay is the main food of guinea pigs and chinchillas. | nutrition
    small mammal | feeding | all | Hamsters eat about one to two tablespoons of mixed food a day. | nutrition
    small mammal | feeding | all | Hamsters hoard, so an empty bowl does not mean an empty stomach. | behavior
    small mammal | feeding | all | Rats and mice stay trim on complete pellets with small amounts of fresh food. | nutrition
    small mammal | feeding | all | Ferrets are strict meat eaters and need several meals a day. | nutrition
    small mammal | feeding | safety | Citrus, raw onion, garlic and chocolate should never go in the bowl of a hamster. | toxicology
    small mammal | feeding | safety | A guinea pig that stops eating for half a day needs a vet. | vet
    small mammal | feeding | all | Dwarf hamsters are prone to diabetes, so keep fruit rare. | nutrition
    small mammal | feeding | young | Young guinea pigs may have alfalfa hay until about six months of age. | nutrition
    small mammal | feeding | budget | Growing a pot of grass or cilantro gives cheap fresh greens. | husbandry
    small mammal | feeding | all | Water bottles block with ease, so tap the ball every day. | husbandry
    small mammal | housing | all | A hamster needs at least four square feet of unbroken floor. | welfare
    small mammal | housing | all | Bedding eight to ten inches deep lets hamsters and gerbils dig real burrows. | welfare
    small mammal | housing | all | Two guinea pigs need about eight square feet of floor or more. | welfare
    small mammal | housing | all | Chinchillas like tall cages with wooden shelves and no plastic. | husbandry
    small mammal | housing | all | Rats need a high cage with hammocks and ropes. | welfare
    small mammal | housing | safety | Cedar and raw pine shavings give off oils that hurt small lungs. | vet
    small mammal | housing | safety | Fluffy cotton bedding can wrap round the legs of a hamster. | vet
    small mammal | housing | all | Paper bedding is soft, holds odor well and is safe to nest in. | husbandry
    small mammal | housing | all | Keep the cage away from direct sun, drafts and loud speakers. | husbandry
    small mammal | housing | apartment | Gerbils are quiet by night and suit small homes. | husbandry
    small mammal | litter | all | Spot cleaning every day and a part change each week keep a cage fresh. | husbandry
    small mammal | litter | all | Leave a handful of old clean bedding in place so that the home still smells familiar. | behavior
    small mammal | litter | all | Many hamsters choose one corner as a toilet, so put a small tray there. | behavior
    small mammal | litter | all | Ferrets use corner trays, but they need several of them. | behavior
    small mammal | toys | all | An adult Syrian hamster needs a solid wheel about ten to twelve inches across. | welfare
    small mammal | toys | safety | Wire wheels can trap feet and break legs. | welfare
    small mammal | toys | safety | Exercise balls are stressful, because the animal cannot stop or see its way. | welfare
    small mammal | toys | all | Cardboard tubes and untreated wood are good for gnawing. | husbandry
    small mammal | toys | all | Scattering food in the bedding keeps hamsters and gerbils busy. | behavior
    small mammal | toys | budget | Egg cartons and tissue boxes make free hides. | husbandry
    small mammal | grooming | all | Chinchillas bathe in fine dust two or three times a week and must stay dry. | husbandry
    small mammal | grooming | all | Long haired guinea pigs need combing every day. | husbandry
    small mammal | grooming | all | Guinea pig nails need a trim about once a month. | husbandry
    small mammal | grooming | all | A tray of clean sand lets hamsters groom themselves. | husbandry
    small mammal | dental | all | The front teeth of rodents never stop growing. | vet
    small mammal | dental | all | Overgrown teeth show as drooling or weight loss, and a vet must trim them. | vet
    small mammal | dental | all | Guinea pigs with slow chewing need a vet to look at the back teeth. | vet
    small mammal | health | all | Sneezing, red tears and noisy breathing in rats mean a trip to the vet. | vet
    small mammal | health | all | A wet tail end in a hamster is an emergency for a vet. | vet
    small mammal | health | all | Crusty skin and constant scratching point to mites, which a vet can treat. | vet
    small mammal | health | all | Weighing a guinea pig each week shows illness early, and a loss of ten percent calls for a vet. | vet
    small mammal | health | senior | Lumps are common in older rats, and an early vet visit gives more choices. | vet
    small mammal | health | safety | A cold, limp hamster in a cool room may be in torpor, so warm it gently and call a vet. | vet
    small mammal | health | all | Ferrets need distemper vaccination, so ask a vet about the schedule. | vet
    small mammal | training | all | Offer treats on a flat hand for several days before lifting a small pet. | behavior
    small mammal | training | all | Rats learn their names and simple tricks within a few sessions. | behavior
    small mammal | training | all | Waking a hamster by day is a sure way to get bitten. | behavior
    small mammal | training | all | Lift small animals with two hands and stay close to the floor. | welfare
    small mammal | travel | all | A small secure carrier with bedding and cucumber suits short trips. | husbandry
    small mammal | travel | safety | Bottles drip in the car, so offer watery vegetables instead. | husbandry
    small mammal | seasons | all | Guinea pigs do best between sixty five and seventy five degrees Fahrenheit. | vet
    small mammal | seasons | safety | Chinchillas can die of heat above eighty degrees Fahrenheit, so call a vet if ears turn red and the body goes limp. | vet
    small mammal | seasons | all | Move cages away from radiators when heating starts. | husbandry
    small mammal | general care | all | Guinea pigs, rats and gerbils need company of their own kind. | welfare
    small mammal | general care | all | Syrian hamsters must live alone once they are grown. | welfare
    small mammal | general care | all | Hamsters live for two to three years and guinea pigs for five to eight. | welfare
    small mammal | general care | all | Chinchillas can live for more than ten years. | welfare
    small mammal | general care | all | Hamsters are awake at night, so place the cage outside light sleepers' rooms. | behavior
    small mammal | general care | children | Guinea pigs suit calm children better than hamsters do, because they are awake by day. | welfare
    small mammal | general care | beginners | A pair of female rats is a friendly start for an adult beginner. | welfare
    small mammal | general care | all | Male and female pairs must be kept apart or neutered, since litters come fast. | welfare
    """#
}
