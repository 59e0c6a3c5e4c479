// Facts about reptiles, one a line: species | theme | stage | fact | source note.
//
// Each sentence names its animal where the needs of lizards, snakes and tortoises differ.

extension KnowledgeText {
  static let reptiles = #"""
    reptile | feeding | all | Leopard geckos eat live insects and no plants. | nutrition
    reptile | feeding | all | Adult bearded dragons eat mostly greens, with insects a few times a week. | nutrition
    reptile | feeding | young | Young bearded dragons need insects every day to grow. | nutrition
    reptile | feeding | all | Insects should be no longer than the space between the eyes of a lizard. | nutrition
    reptile | feeding | all | Calcium powder on feeder insects prevents soft bones. | nutrition
    reptile | feeding | all | Feeder insects need a good meal a day before they are fed out. | nutrition
    reptile | feeding | all | Corn snakes eat thawed mice about as wide as the thickest part of the body. | nutrition
    reptile | feeding | all | Most adult snakes eat every one to three weeks. | nutrition
    reptile | feeding | safety | Frozen prey is safer than live prey, because mice bite. | welfare
    reptile | feeding | safety | Fireflies and avocado are poisonous to many lizards. | toxicology
    reptile | feeding | all | Tortoises thrive on grasses and weeds and do poorly on fruit. | nutrition
    reptile | feeding | all | Spinach and beet greens bind calcium, so keep them rare. | nutrition
    reptile | feeding | budget | A small cricket or roach colony at home lowers the cost of live food. | husbandry
    reptile | feeding | all | Shallow water bowls should be cleaned and filled every day. | husbandry
    reptile | housing | all | Every enclosure needs a warm end and a cool end. | husbandry
    reptile | housing | all | A bearded dragon needs a basking spot of about ninety five to one hundred and five degrees Fahrenheit. | husbandry
    reptile | housing | all | A leopard gecko likes a warm surface of about ninety degrees Fahrenheit. | husbandry
    reptile | housing | all | A thermostat must control every heat mat and heat lamp. | husbandry
    reptile | housing | all | UVB light lets most day active lizards and tortoises make vitamin D3. | vet
    reptile | housing | all | UVB tubes fade before they go dark, so replace them every six to twelve months. | husbandry
    reptile | housing | all | Glass and plastic block UVB, so the tube must shine through mesh or open air. | husbandry
    reptile | housing | all | An adult bearded dragon needs a home of about four by two by two feet. | welfare
    reptile | housing | all | A snake should be able to stretch out in full along its enclosure. | welfare
    reptile | housing | all | Two hides, one warm and one cool, let a reptile feel safe at any temperature. | husbandry
    reptile | housing | safety | Hot rocks cause burns on the belly. | vet
    reptile | housing | all | Ball pythons need humidity of about fifty five to seventy percent. | husbandry
    reptile | housing | all | A digital thermometer at each end is better than one dial in the middle. | husbandry
    reptile | housing | budget | Electricity and bulbs are the running costs that new keepers forget. | husbandry
    reptile | housing | safety | Snakes test every gap, so the lid needs locks. | husbandry
    reptile | housing | apartment | Leopard geckos fit in a quiet corner and make no noise. | husbandry
    reptile | litter | all | Paper towel is the safest floor for young and new reptiles. | husbandry
    reptile | litter | safety | Loose calcium sand can block the gut of a lizard. | vet
    reptile | litter | all | Remove droppings every day and change the floor on a fixed date. | husbandry
    reptile | litter | all | Coconut fiber holds moisture well for species from humid places. | husbandry
    reptile | training | all | Leave a new reptile alone for a week so that it can settle. | behavior
    reptile | training | all | Handle for five minutes at first and add time slowly. | behavior
    reptile | training | all | Do not handle a snake for two days after a meal. | husbandry
    reptile | training | all | Support the whole body and let the animal walk from hand to hand. | welfare
    reptile | training | all | Approach from the side, since predators strike from above. | behavior
    reptile | grooming | all | Snakes shed the skin in one piece when humidity is right. | husbandry
    reptile | grooming | all | Lizards shed in pieces, and toes need a check for rings of old skin. | vet
    reptile | grooming | all | A moist hide helps a gecko to shed. | husbandry
    reptile | grooming | all | Stuck skin on toes or eyes that a warm soak does not free needs a vet. | vet
    reptile | grooming | all | Most reptiles enjoy a shallow lukewarm soak once in a while. | husbandry
    reptile | dental | all | Bearded dragons cannot replace their side teeth, so soft fruit and gum disease are a bad mix. | vet
    reptile | dental | all | Swollen gums or a cheesy film in the mouth need a vet soon. | vet
    reptile | dental | all | Turtle beaks can overgrow on soft food, and a vet can trim them. | vet
    reptile | toys | all | Branches, ledges and cork tubes invite a lizard to climb. | welfare
    reptile | toys | all | A box of leaf litter lets a reptile dig and explore new smells. | welfare
    reptile | toys | all | Hunting moving insects is both meal and exercise. | welfare
    reptile | toys | safety | Wood from the garden should be baked or scrubbed to kill mites. | husbandry
    reptile | health | all | Soft jaws, shaky legs or bent limbs point to bone disease and need a vet. | vet
    reptile | health | all | Open mouth breathing and bubbles at the nose need a vet with reptile skills. | vet
    reptile | health | all | Sunken eyes and wrinkled skin show thirst, and a vet should see a weak animal. | vet
    reptile | health | all | A new reptile should visit a vet with a fresh dropping for a parasite test. | vet
    reptile | health | safety | Reptiles can carry salmonella, so wash hands after each contact and ask a vet about risk groups. | vet
    reptile | health | all | Black dots moving near the eyes of a snake are mites, and a vet can name a safe cure. | vet
    reptile | health | all | A tail that turns thin shows that a gecko has used its reserves, so call a vet. | vet
    reptile | health | senior | Older females may still form eggs, so straining or digging without result needs a vet. | vet
    reptile | travel | all | A cloth bag inside a box keeps a snake calm on the road. | husbandry
    reptile | travel | all | A heat pack wrapped in cloth outside the tub holds warmth on a winter trip. | husbandry
    reptile | travel | safety | Water bowls should stay out of the travel box. | husbandry
    reptile | seasons | all | Some tortoises sleep through winter, but only a fit animal that a vet has checked should do so. | vet
    reptile | seasons | all | Shorter days make many reptiles eat less. | behavior
    reptile | seasons | safety | A power cut in winter is a danger, so keep heat packs and a foam box at hand. | husbandry
    reptile | seasons | all | A glass tank in the sun can overheat within minutes. | husbandry
    reptile | general care | all | Leopard geckos live for fifteen to twenty years. | welfare
    reptile | general care | all | Tortoises may outlive their keepers, so plan for it. | welfare
    reptile | general care | all | Most reptiles should live alone. | welfare
    reptile | general care | beginners | Leopard geckos, corn snakes and bearded dragons are good first reptiles. | welfare
    reptile | general care | children | Children under five should not handle reptiles because of germs. | vet
    reptile | general care | all | A log of meals, sheds and weight shows trouble early. | husbandry
    reptile | general care | busy | Adult snakes need less daily work than most other pets. | husbandry
    reptile | general care | all | Some species need a permit, so check the local law first. | law
    """#
}
