// Facts about dogs, one a line: species | theme | stage | fact | source note.
//
// Every fact is one plain sentence in the third person, without contractions, so that the
// voice of the article can be laid over it. Health facts name the vet or carry "vet!".

extension KnowledgeText {
  static let dogs = #"""
    dog | feeding | all | Most adult dogs do well on two measured meals a day. | nutrition
    dog | feeding | young | Puppies under three months need four small meals a day. | nutrition
    dog | feeding | young | From three to six months, three meals a day suit most puppies. | nutrition
    dog | feeding | young | Puppies eat a growth formula until they are close to adult size. | nutrition
    dog | feeding | young | Large breed puppies need controlled calcium so that bones do not grow too fast. | nutrition
    dog | feeding | young | Small breeds reach adult size at about ten months, and giant breeds may take two years. | nutrition
    dog | feeding | senior | Senior dogs often need fewer calories but still need plenty of good protein. | nutrition
    dog | feeding | senior | An older dog with sore teeth may eat better when dry food is softened with warm water. | nutrition
    dog | feeding | all | A complete food carries a statement that it meets the needs of a life stage. | label law
    dog | feeding | all | The first ingredients on a label weigh the most, so look for a named meat near the top. | label law
    dog | feeding | all | A change of food should be spread over seven to ten days to spare the stomach. | nutrition
    dog | feeding | all | Treats should make up no more than ten percent of daily calories. | nutrition
    dog | feeding | all | Fresh water must be within reach all day, and the bowl needs a daily wash. | nutrition
    dog | feeding | all | A kitchen scale measures dry food better than a cup does. | nutrition
    dog | feeding | all | The ribs of a dog at a healthy weight are easy to feel under a thin layer of fat. | vet
    dog | feeding | all | Feeding guides on the bag are a starting point, and body shape tells the rest. | nutrition
    dog | feeding | all | Slow feeder bowls help dogs that gulp their meals. | behavior
    dog | feeding | safety | Grapes and raisins can damage the kidneys of a dog, so call a vet even after a small amount. | toxicology
    dog | feeding | safety | Chocolate, onions, garlic and the sweetener xylitol are poisonous to dogs. | toxicology
    dog | feeding | safety | Cooked bones splinter and can cut the gut, so keep them out of the bowl. | vet
    dog | feeding | safety | Macadamia nuts and raw bread dough belong on the list of foods dogs must never eat. | toxicology
    dog | feeding | budget | Larger bags cost less per meal, but dry food loses quality about six weeks after opening. | nutrition
    dog | feeding | budget | The cost per day says more than the cost per bag, since richer foods are fed in smaller amounts. | nutrition
    dog | feeding | all | Deep chested breeds should rest for an hour after a large meal. | vet
    dog | feeding | all | Dry food keeps best in its own bag, rolled shut, inside a sealed bin. | nutrition
    dog | training | all | Short sessions of three to five minutes teach more than one long lesson. | behavior
    dog | training | all | A reward works best within two seconds of the right behavior. | behavior
    dog | training | all | Dogs repeat what pays, so reward the behavior that should grow. | behavior
    dog | training | all | One clear word for each cue keeps a dog from guessing. | behavior
    dog | training | all | Punishment can make a fearful dog bite without warning. | behavior
    dog | training | young | The best window for gentle new experiences closes at about sixteen weeks of age. | behavior
    dog | training | young | A puppy can hold its bladder for about one hour for each month of age. | behavior
    dog | training | young | Puppies need a toilet trip after every sleep, meal and play session. | behavior
    dog | training | young | Puppy biting fades faster when play stops for a few seconds after each hard nip. | behavior
    dog | training | young | A crate should be just large enough for the puppy to stand, turn and lie down. | behavior
    dog | training | young | A puppy under six months should not stay in a crate for more than three or four hours by day. | behavior
    dog | training | all | A crate must never be used as punishment, because it should feel like a den. | behavior
    dog | training | all | Loose leash walking begins by stopping each time the leash goes tight. | behavior
    dog | training | all | Practice in a quiet room comes first, and busy streets come later. | behavior
    dog | training | all | Recall stays strong when coming back always leads to something good. | behavior
    dog | training | all | Tiny soft treats keep lessons quick and do not fill the dog up. | behavior
    dog | training | senior | Old dogs learn new cues well when floors are not slippery and sessions are brief. | behavior
    dog | training | all | Long howling, drooling or broken nails in a crate point to panic, and a vet or trainer should help. | vet
    dog | training | budget | A bag of soft treats, a flat collar and a six foot leash cover the basic lessons. | behavior
    dog | dental | all | Most dogs show some gum disease by the age of three. | vet!
    dog | dental | all | Daily brushing is the best home care for the teeth of a dog. | vet
    dog | dental | all | Only toothpaste made for dogs is safe, because human paste can contain xylitol. | toxicology
    dog | dental | all | Plaque begins to harden into tartar within about two to three days. | vet
    dog | dental | all | Bad breath that lasts for days is a reason to book a dental check with a vet. | vet
    dog | dental | all | Red or bleeding gums call for a visit to the vet. | vet
    dog | dental | all | Chews with a dental seal have shown that they reduce plaque or tartar. | vet
    dog | dental | safety | Antlers, hooves and real bones are hard enough to break teeth. | vet
    dog | dental | young | Baby teeth fall out between about three and seven months of age. | vet
    dog | dental | all | Small breeds have crowded teeth, so they need dental care early. | vet
    dog | dental | all | A full cleaning below the gum line needs an anesthetic and a vet. | vet
    dog | dental | all | Dogs often keep eating with a sore mouth, so a good appetite does not rule out pain. | vet!
    dog | dental | senior | Loose teeth in an older dog need a vet, as the roots may be infected. | vet
    dog | dental | all | A finger brush is an easy first step before a long handled brush. | husbandry
    dog | grooming | all | Short coats need a weekly brush, and long coats need one most days. | husbandry
    dog | grooming | all | Most dogs need a bath only every four to eight weeks. | husbandry
    dog | grooming | all | Shampoo for people is too acidic for the skin of a dog. | vet
    dog | grooming | all | Nails are too long when they click on a hard floor. | husbandry
    dog | grooming | all | Trim small slices off a nail, because the quick inside it bleeds. | husbandry
    dog | grooming | all | Mats pull on the skin, so comb them out before a bath makes them tighter. | husbandry
    dog | grooming | all | Double coats should not be shaved, since they guard against heat as well as cold. | husbandry
    dog | grooming | all | Floppy ears trap moisture and need a check every week. | vet
    dog | grooming | all | Ears that smell, itch or look red need a vet rather than a cleaner. | vet
    dog | grooming | young | Handle the paws, ears and mouth of a puppy every day so that grooming feels normal later. | behavior
    dog | grooming | all | A poodle type coat needs a trim every six to eight weeks. | husbandry
    dog | toys | all | A toy should be too large to fit behind the back teeth. | husbandry
    dog | toys | all | Rotate toys every few days so that old ones feel new again. | behavior
    dog | toys | all | A chew is soft enough when a thumbnail leaves a mark in it. | vet
    dog | toys | all | Food puzzles turn a two minute meal into fifteen minutes of work. | behavior
    dog | toys | safety | Take a toy away when pieces come off, because swallowed parts can block the gut. | vet
    dog | toys | safety | Squeakers, ribbons and button eyes should come off before play without a watchful person. | husbandry
    dog | toys | all | Tug is a good game when the dog lets go on cue. | behavior
    dog | toys | young | Teething puppies like cool rubber toys that give a little. | husbandry
    dog | toys | all | Large breeds need toys rated for strong jaws, since small balls can choke them. | husbandry
    dog | toys | all | Tennis ball felt wears down teeth when a dog chews it for hours. | vet
    dog | toys | senior | Snuffle mats give older dogs a gentle game without jumping. | behavior
    dog | toys | budget | Two or three tough toys outlast a basket of cheap ones. | husbandry
    dog | health | all | A yearly vet check suits most adult dogs, and seniors do better with two. | vet
    dog | health | all | Core vaccines guard against distemper, parvovirus and rabies, and a vet sets the dates. | vet
    dog | health | all | Heartworm prevention should run all year in most regions, so ask a vet about local risk. | vet
    dog | health | safety | A swollen belly with dry retching is an emergency, so go to a vet at once. | vet
    dog | health | all | Vomiting that lasts more than a day, or that contains blood, needs a vet. | vet
    dog | health | all | Limping for more than a day is a reason to see a vet. | vet
    dog | health | all | Pale gums, collapse or hard breathing need a vet without delay. | vet
    dog | health | all | A normal body temperature for a dog is about 101 to 102.5 degrees Fahrenheit, so call a vet above 103. | vet
    dog | health | young | A puppy that will not eat for a day should see a vet, because it has few reserves. | vet
    dog | health | senior | New stiffness on stairs often means joint pain, which a vet can treat. | vet
    dog | health | all | Drinking far more water than usual can point to kidney disease or diabetes, so book a vet visit. | vet
    dog | health | safety | Human painkillers such as ibuprofen can harm dogs, so give only what a vet allows. | toxicology
    dog | housing | all | A bed in a quiet corner lets a dog sleep the twelve or more hours it needs. | husbandry
    dog | housing | senior | Thick foam beds take pressure off old elbows and hips. | husbandry
    dog | housing | all | Baby gates keep a new dog out of rooms that are not ready yet. | husbandry
    dog | housing | safety | Fences need a check for gaps at the bottom, since many dogs dig before they jump. | husbandry
    dog | housing | safety | Lilies of the valley, sago palm and rat bait must stay out of reach of dogs. | toxicology
    dog | travel | all | A crash tested crate or harness keeps a dog safe in a car. | husbandry
    dog | travel | safety | A parked car can heat by twenty degrees Fahrenheit in ten minutes, so never leave a dog inside. | vet
    dog | travel | all | A stop every two hours gives a dog the chance to drink and stretch. | husbandry
    dog | travel | all | A microchip with current contact details brings lost dogs home. | husbandry
    dog | travel | all | A light meal four hours before a drive lowers the risk of car sickness. | vet
    dog | seasons | all | Pavement that is too hot for a bare hand after seven seconds is too hot for paws. | vet
    dog | seasons | safety | Heavy panting, drool and wobbling in heat mean heatstroke, so cool the dog and go to a vet. | vet
    dog | seasons | all | Flat faced breeds overheat first, so walk them in the early morning. | vet
    dog | seasons | all | Road salt irritates paws, so rinse and dry them after winter walks. | husbandry
    dog | seasons | safety | Antifreeze tastes sweet and is deadly, so a dog that licks it needs a vet at once. | toxicology
    dog | seasons | all | Thin coated dogs need a jacket when they shiver or lift their paws. | husbandry
    dog | general care | all | Most adult dogs need between thirty minutes and two hours of exercise a day. | behavior
    dog | general care | all | Dogs are social animals and should not be alone for a whole working day. | welfare
    dog | general care | all | Sniffing on walks tires the mind as much as running tires the legs. | behavior
    dog | general care | young | Forced running is hard on growing joints, so let a puppy set the pace. | vet
    dog | general care | all | Flea and tick control works best when it is given on the same date each month. | vet
    dog | general care | all | A stable daily rhythm for meals, walks and sleep makes most dogs calmer. | behavior
    dog | general care | beginners | A new dog often needs three days to settle, three weeks to learn the routine and three months to feel at home. | behavior
    dog | general care | children | Children should never hug a dog that is eating or sleeping. | behavior
    dog | general care | apartment | Apartment dogs do well when walks happen at fixed times and barking is redirected early. | behavior
    dog | general care | busy | A midday dog walker breaks up a long day for a young dog. | welfare
    """#
}
