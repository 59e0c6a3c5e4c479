// Facts about cats, one a line: species | theme | stage | fact | source note.

extension KnowledgeText {
  static let cats = #"""
    cat | feeding | all | Cats are true meat eaters and cannot live on a plant diet. | nutrition
    cat | feeding | all | Taurine is essential for the heart and eyes of a cat, and complete foods include it. | nutrition
    cat | feeding | all | Most adult cats do well on two to four small meals a day. | nutrition
    cat | feeding | young | Kittens need kitten food and three or four meals a day until six months. | nutrition
    cat | feeding | young | Kitten food is suitable for the first year of life. | nutrition
    cat | feeding | senior | Senior cats often need more protein, because they lose muscle with age. | nutrition
    cat | feeding | senior | Warming wet food for a few seconds brings out the smell for an older cat. | nutrition
    cat | feeding | all | Wet food adds water to the diet of an animal that drinks little. | nutrition
    cat | feeding | all | Many cats drink more from a fountain or from a wide bowl. | behavior
    cat | feeding | all | Food and water bowls should stand well apart from the litter box. | behavior
    cat | feeding | all | A new food should replace the old one over seven to ten days. | nutrition
    cat | feeding | all | The label should name a life stage and say that the food is complete and balanced. | label law
    cat | feeding | all | A typical ten pound cat needs only about 200 to 250 calories a day. | nutrition
    cat | feeding | all | Dry food left out all day is a common cause of weight gain in indoor cats. | nutrition
    cat | feeding | safety | Onions, garlic, chocolate and grapes are poisonous to cats. | toxicology
    cat | feeding | safety | A cat that has eaten nothing for a full day should see a vet. | vet
    cat | feeding | safety | Most adult cats cannot digest milk well, so water is the right drink. | nutrition
    cat | feeding | budget | Mixing a wet meal with a dry meal keeps the cost down and the water intake up. | nutrition
    cat | feeding | all | Shallow dishes spare the whiskers and suit flat faces. | behavior
    cat | feeding | all | Each cat in the home should have its own bowl out of sight of the others. | behavior
    cat | litter | all | Keep one litter box for each cat and one more. | behavior
    cat | litter | all | Scoop the box at least once a day. | behavior
    cat | litter | all | A box should be one and a half times as long as the cat from nose to tail base. | behavior
    cat | litter | all | Most cats like fine, unscented clumping litter best. | behavior
    cat | litter | all | A litter depth of two to three inches suits most cats. | behavior
    cat | litter | all | Clumping litter needs a full change about every two to four weeks. | husbandry
    cat | litter | all | Perfumed litter smells clean to people but drives many cats away. | behavior
    cat | litter | all | Boxes in different rooms stop one cat from guarding them all. | behavior
    cat | litter | all | A quiet corner with two ways out makes a box feel safe. | behavior
    cat | litter | all | Covered boxes hold odor inside, so they need more scooping. | behavior
    cat | litter | all | Mild unscented soap and hot water clean a box without leaving a harsh smell. | husbandry
    cat | litter | all | An enzyme cleaner removes urine marks that plain soap leaves behind. | husbandry
    cat | litter | young | Very young kittens taste everything, so use non-clumping litter until about three months of age. | husbandry
    cat | litter | senior | A low front edge helps a cat with stiff joints step into the box. | husbandry
    cat | litter | safety | A male cat that strains and passes no urine needs a vet at once. | vet
    cat | litter | safety | Pregnant women should let someone else scoop, because of the toxoplasma parasite. | vet
    cat | litter | all | A sudden change in litter habits is a reason to see a vet before blaming behavior. | vet
    cat | litter | all | New litter is accepted best when it is mixed in over a week. | behavior
    cat | litter | budget | Paper and pine pellets are cheap by weight but clump less. | husbandry
    cat | litter | budget | A metal scoop costs a little more and outlasts many plastic ones. | husbandry
    cat | litter | all | Low dust litter is kinder to cats and people with asthma. | vet
    cat | litter | all | A mat in front of the box catches grains before they reach the carpet. | husbandry
    cat | litter | all | Never flush clay litter, because it swells and blocks pipes. | husbandry
    cat | litter | all | In a home with several cats, watching who uses which box reveals quiet bullying. | behavior
    cat | training | all | Cats learn fastest from tiny treats and sessions of about two minutes. | behavior
    cat | training | all | Scolding teaches a cat to avoid the person, not the habit. | behavior
    cat | training | all | A scratching post should be tall enough for a full stretch. | behavior
    cat | training | all | Place a scratching post beside the sofa that the cat has chosen. | behavior
    cat | training | young | Gentle handling between two and seven weeks of age makes friendlier cats. | behavior
    cat | training | all | Leave the carrier open all year with a blanket inside so that it loses its threat. | behavior
    cat | training | all | New cats should meet by scent first, then by sight, then face to face. | behavior
    cat | training | all | Wand toys keep teeth and claws away from hands. | behavior
    cat | training | all | Reward calm steps onto a harness with food before going outdoors. | behavior
    cat | dental | all | Many cats over four have some form of dental disease, and a vet should look each year. | vet
    cat | dental | all | Drooling, dropped food or pawing at the mouth mean that a vet should check the teeth. | vet
    cat | dental | all | Brush with a small soft brush and paste made for cats. | vet
    cat | dental | all | Tooth resorption is common and painful in cats, and only a vet can treat it. | vet
    cat | dental | all | Begin with a taste of the paste on a finger before using any brush. | husbandry
    cat | dental | all | A few seconds of brushing on the outer side of the teeth is enough each day. | vet
    cat | dental | senior | Weight loss in an old cat may begin with a sore mouth, so ask a vet. | vet
    cat | grooming | all | Short haired cats need a brush once a week. | husbandry
    cat | grooming | all | Long haired cats need combing every day, above all behind the ears and under the legs. | husbandry
    cat | grooming | all | Regular brushing means less swallowed hair and fewer hairballs. | husbandry
    cat | grooming | all | Most cats never need a bath. | husbandry
    cat | grooming | all | Claw tips can be trimmed every two to three weeks. | husbandry
    cat | grooming | senior | An old cat that stops grooming may be in pain, so a vet should look. | vet
    cat | grooming | safety | Scissors and mats are a bad mix, because cat skin is thin and tears with ease. | vet
    cat | toys | all | Two play sessions of ten minutes a day suit most indoor cats. | behavior
    cat | toys | all | A hunt should end with a catch, so finish play with a treat. | behavior
    cat | toys | all | Cardboard boxes and paper bags without handles make free hiding places. | behavior
    cat | toys | all | About two in three cats react to catnip, and kittens do not. | behavior
    cat | toys | safety | String, ribbon and hair ties can cut the gut when a cat swallows them. | vet
    cat | toys | safety | Put wand toys away after play, since cords can tangle. | husbandry
    cat | toys | all | Puzzle feeders slow down eating and keep a bored cat busy. | behavior
    cat | toys | budget | A ball of paper often wins against a costly gadget. | behavior
    cat | health | all | Adult cats need a vet check every year, and cats over ten do better with two. | vet
    cat | health | all | Core vaccines protect against panleukopenia, two cat flu viruses and rabies, and a vet plans them. | vet
    cat | health | safety | All parts of a true lily can destroy the kidneys of a cat, so go to a vet at once. | toxicology
    cat | health | safety | Dog flea drops with permethrin can kill a cat, so use only products a vet has cleared. | toxicology
    cat | health | all | Cats hide pain, so a change in sleep, jumping or appetite deserves a call to the vet. | vet
    cat | health | all | Breathing with an open mouth is an emergency in a cat, so see a vet now. | vet
    cat | health | all | Vomiting more than once a week is not normal and should be checked by a vet. | vet
    cat | health | senior | Weight loss with a big appetite often means an overactive thyroid, which a vet can test. | vet
    cat | health | senior | Kidney disease is common in old cats, so more thirst is a reason to call the vet. | vet
    cat | health | young | A kitten with runny eyes and sneezing should see a vet within a day. | vet
    cat | health | all | Even indoor cats need parasite control, and a vet can name a safe product. | vet
    cat | housing | all | Cats feel safe on high shelves from which they can see the door. | behavior
    cat | housing | all | A resting place for each cat, with some to spare, keeps the peace. | behavior
    cat | housing | safety | Windows need firm screens, because cats do fall from balconies. | welfare
    cat | housing | all | A sunny window seat gives an indoor cat hours of interest. | behavior
    cat | housing | apartment | Vertical space counts for more than floor space in a small home. | behavior
    cat | travel | all | A carrier with a top opening makes vet visits easier. | husbandry
    cat | travel | all | Cover the carrier with a towel to calm a cat on the way. | behavior
    cat | travel | safety | A loose cat in a car can slip under the pedals. | husbandry
    cat | travel | all | For stays of a few days, most cats prefer a sitter at home to a trip. | behavior
    cat | seasons | safety | Cats crawl into warm engines in winter, so knock on the hood before starting. | welfare
    cat | seasons | safety | Tinsel and lily bouquets are holiday risks for cats. | toxicology
    cat | seasons | all | White ears burn in strong sun, so offer shade at midday. | vet
    cat | seasons | all | Longer hair loss in spring calls for an extra combing each week. | husbandry
    cat | general care | all | Indoor cats tend to live longer than cats that roam. | vet
    cat | general care | all | Cats sleep from twelve to sixteen hours a day. | behavior
    cat | general care | beginners | A new cat should start in one quiet room with its box, bowls and a hiding place. | behavior
    cat | general care | children | Teach children to let the cat come to them. | behavior
    cat | general care | all | A microchip is worth having even for a cat that never goes out. | vet
    cat | general care | busy | A timed feeder keeps meals steady on long working days. | husbandry
    cat | general care | all | Neutering lowers roaming, spraying and fights. | vet
    cat | general care | all | Slow blinking is a friendly signal between a cat and a person. | behavior
    """#
}
