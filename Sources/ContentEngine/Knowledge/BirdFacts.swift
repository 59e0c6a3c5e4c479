// Facts about pet birds, one a line: species | theme | stage | fact | source note.

extension KnowledgeText {
  static let birds = #"""
    bird | feeding | all | Pellets should make up more than half of the diet of most parrots. | nutrition
    bird | feeding | all | A diet of seed alone is too fatty and lacks vitamin A. | nutrition
    bird | feeding | all | Dark greens, carrot and sweet potato supply vitamin A. | nutrition
    bird | feeding | all | Fresh vegetables can make up a quarter of the daily food. | nutrition
    bird | feeding | all | Fruit is a treat, because it holds much sugar and little else. | nutrition
    bird | feeding | safety | Avocado, chocolate, caffeine and alcohol are poisonous to birds. | toxicology
    bird | feeding | safety | Apple seeds and fruit pits should be removed before fruit is served. | toxicology
    bird | feeding | all | Budgies eat about one and a half to two teaspoons of food a day. | nutrition
    bird | feeding | all | Canaries and finches eat small seeds, egg food and greens. | nutrition
    bird | feeding | all | Empty husks can hide an empty bowl, so blow them off every day. | husbandry
    bird | feeding | all | Take out fresh food after two to four hours before it spoils. | husbandry
    bird | feeding | young | Young parrots accept new foods more readily than adults do. | behavior
    bird | feeding | senior | Older birds gain weight with ease, so go light on nuts. | nutrition
    bird | feeding | all | A switch from seed to pellets may take several weeks and needs daily weighing. | nutrition
    bird | feeding | budget | Home sprouted seed is a cheap source of fresh food. | husbandry
    bird | feeding | all | Cuttlebone gives extra calcium to laying hens of small species. | nutrition
    bird | housing | all | A bird must be able to spread and flap both wings inside the cage. | welfare
    bird | housing | all | Width counts more than height, since birds fly sideways and not straight up. | welfare
    bird | housing | all | Bars half an inch apart suit budgies and finches. | husbandry
    bird | housing | all | Natural branches of mixed thickness keep feet healthy. | vet
    bird | housing | all | Put perches away from the food so that droppings stay out of it. | husbandry
    bird | housing | safety | Overheated nonstick pans give off fumes that kill birds within minutes. | toxicology
    bird | housing | safety | Scented candles, sprays and smoke harm the lungs of birds. | toxicology
    bird | housing | all | The cage belongs against a wall at chest height in a lively room. | behavior
    bird | housing | all | Birds need ten to twelve hours of dark and quiet sleep. | vet
    bird | housing | safety | Galvanized wire can poison a bird with zinc. | toxicology
    bird | housing | budget | A used flight cage is often a better buy than a small new one. | husbandry
    bird | housing | apartment | Finches and canaries are softer neighbors than conures or cockatoos. | behavior
    bird | litter | all | Change the cage paper every day and look at the droppings. | husbandry
    bird | litter | all | Plain newspaper is a safe and cheap cage floor. | husbandry
    bird | litter | all | Scrub perches and bowls with hot water every week. | husbandry
    bird | training | all | Step up is the first lesson, and a gentle touch above the feet teaches it. | behavior
    bird | training | all | Sit near the cage and talk softly for some days before offering a hand. | behavior
    bird | training | all | Reward quiet sounds and leave the room during a scream. | behavior
    bird | training | all | Two or three short lessons a day keep a parrot keen. | behavior
    bird | training | all | A bird shows fear with slim feathers and wide eyes, so step back then. | behavior
    bird | training | young | Hand tame young birds learn best in the weeks after weaning. | behavior
    bird | toys | all | Parrots need wood, paper and leather that they may destroy. | welfare
    bird | toys | all | Hiding food in paper cups makes a bird work as it would in the wild. | behavior
    bird | toys | all | Swap one toy each week so that shy birds are not scared. | behavior
    bird | toys | safety | Loose threads and open chain links can trap a toe. | welfare
    bird | toys | safety | Mirrors can make a single budgie court its own image and neglect its food. | behavior
    bird | toys | budget | Pine cones baked clean and plain cardboard cost nothing. | husbandry
    bird | grooming | all | Most birds enjoy a mist or a shallow bath several times a week. | husbandry
    bird | grooming | all | A bath in the morning leaves time to dry before night. | husbandry
    bird | grooming | all | Only a trained person should clip wings or beaks. | vet
    bird | grooming | all | A flaky or overgrown beak can point to mites or liver disease, so see a vet. | vet
    bird | grooming | all | Birds replace all their feathers about once a year. | vet
    bird | dental | all | Birds have no teeth, but the beak grows all the time and wears down on wood and mineral blocks. | vet
    bird | dental | all | A beak that no longer meets well needs a vet. | vet
    bird | health | all | A bird that sits fluffed up on the floor of the cage needs a vet the same day. | vet
    bird | health | all | Birds hide illness, so any change in voice or droppings is a reason to call a vet. | vet
    bird | health | all | Tail bobbing at rest is a sign of hard breathing and needs a vet. | vet
    bird | health | safety | A hen that strains and looks weak may be egg bound and needs a vet at once. | vet
    bird | health | all | A gram scale shows weight loss before the eye can, and a loss of a tenth calls for a vet. | vet
    bird | health | all | Feather plucking has many causes, so a vet check comes before any new toy. | vet
    bird | health | all | New birds should stay in a separate room for thirty days and visit a vet. | vet
    bird | health | senior | Cataracts and sore feet appear in old parrots, and a vet can ease both. | vet
    bird | travel | all | A small carrier with a low perch is safer in a car than a cage. | husbandry
    bird | travel | safety | Loose bowls and swings should come out before the car moves. | husbandry
    bird | travel | all | Cover three sides of the carrier to calm a nervous bird. | behavior
    bird | seasons | all | Most pet birds are comfortable between sixty five and eighty degrees Fahrenheit. | vet
    bird | seasons | all | Dry winter air calls for more frequent baths. | husbandry
    bird | seasons | safety | Cold drafts and sudden drops in temperature stress a bird, so call a vet if it stays fluffed. | vet
    bird | seasons | all | Longer days in spring can start nesting, so limit light to ten hours. | vet
    bird | general care | all | Budgies live five to ten years, and large parrots may live fifty or more. | welfare
    bird | general care | all | Most parrots need hours of company every day. | welfare
    bird | general care | all | Time outside the cage each day keeps the flight muscles strong. | welfare
    bird | general care | safety | Close windows, cover mirrors and turn off ceiling fans before a bird flies free. | husbandry
    bird | general care | beginners | Budgies and cockatiels are good first birds for patient people. | welfare
    bird | general care | children | Children should sit down before a bird is placed on a hand. | welfare
    bird | general care | busy | A pair of finches copes better with a long working day than a single parrot does. | welfare
    """#
}
