// Questions that owners ask: species | theme | question | answer.

extension KnowledgeText {
  static let questions = #"""
    dog | feeding | How often should a dog eat? | Twice a day works for most adults, while young puppies need four meals.
    dog | feeding | Can a dog eat cat food? | A stolen bite does no harm, but cat food is too rich for daily use.
    dog | feeding | Is grain free food better? | Not for most dogs, and a vet should guide the choice because of possible heart risks.
    dog | feeding | When does a puppy move to adult food? | Small breeds switch at about ten to twelve months, and large breeds at twelve to twenty four months.
    dog | training | How long does crate training take? | Many puppies settle within a few weeks, and some adults need a few months.
    dog | training | Is it too late to train an adult dog? | No, adult dogs often focus better than puppies do.
    dog | dental | How often should teeth be brushed? | Once a day is best, and three times a week still helps.
    dog | dental | Do dental chews replace brushing? | No, they help a little, but the brush reaches the gum line.
    dog | grooming | How often does a dog need a bath? | Every four to eight weeks is enough unless the coat is dirty or a vet says otherwise.
    dog | toys | How many toys does a dog need? | Five or six in rotation are plenty for most dogs.
    dog | health | How often should a dog see a vet? | Once a year for adults, twice for seniors, and every few weeks for puppies during vaccines.
    dog | general care | How much exercise is enough? | A dog that rests calmly after a walk has had about the right amount.
    dog | travel | Can a dog ride on the front seat? | No, an airbag can injure a dog, so the back seat or trunk area with a crate is safer.
    cat | feeding | Is wet or dry food better for cats? | Both can be complete, but wet food brings more water.
    cat | feeding | How much should a cat eat? | Start with the guide on the pack and adjust until the ribs are easy to feel.
    cat | feeding | Can cats drink milk? | Most adult cats get an upset stomach from it, so offer water.
    cat | litter | How many litter boxes do two cats need? | Three, in at least two separate places.
    cat | litter | Why does a cat avoid a clean box? | The spot, the hood, the scent or pain may be the cause, so rule out illness with a vet.
    cat | litter | How often is all the litter replaced? | Clumping litter lasts two to four weeks with daily scooping.
    cat | dental | Can cats get tooth decay? | True cavities are rare, but tooth resorption is common and needs a vet.
    cat | training | Can cats be trained? | Yes, with tiny rewards and lessons of a minute or two.
    cat | toys | How long should play last? | Two sessions of about ten minutes a day suit most cats.
    cat | health | Do indoor cats need vaccines? | Yes, because some germs come in on shoes, and a vet can advise which ones.
    cat | general care | Can a cat stay alone for a weekend? | Not without a visitor who checks food, water and litter every day.
    cat | grooming | Do cats need baths? | Hardly ever, since brushing and their own tongue do the work.
    rabbit | feeding | Can rabbits live on pellets? | No, they need hay at all hours for gut and teeth.
    rabbit | feeding | Are carrots good for rabbits? | A thin slice is a treat, but the leafy tops are better.
    rabbit | housing | Can rabbits live outdoors? | Yes, with shelter, a mate and a run that predators cannot enter.
    rabbit | general care | Can a rabbit live with a guinea pig? | No, their needs differ and a kick can injure the guinea pig.
    rabbit | litter | Why does a rabbit dig in the tray? | It is play or nesting, and a grid over the litter stops the mess.
    rabbit | health | Why has a rabbit stopped eating? | Pain or gut trouble is likely, so phone a vet at once.
    small mammal | housing | How large must a hamster cage be? | At least four square feet of floor in one piece, and more is better.
    small mammal | feeding | Can guinea pigs eat hamster food? | No, it lacks vitamin C and enough fiber.
    small mammal | general care | Do hamsters need a friend? | Syrian hamsters do not, because adults fight.
    small mammal | litter | How often is a cage cleaned? | Remove wet spots daily and replace part of the bedding each week.
    small mammal | health | How long can a guinea pig go without food? | Half a day is already an emergency for a vet.
    bird | feeding | Can a parrot live on seed? | No, seed lacks vitamin A and calcium, so pellets and greens are needed.
    bird | housing | Where should a cage stand? | Against a wall in a room where people spend time, far from the kitchen.
    bird | training | How long does taming take? | Days for a hand reared chick and months for a frightened adult.
    bird | health | When is a bird too ill to wait? | A fluffed bird on the floor or one that gasps needs a vet now.
    bird | general care | Do birds get lonely? | Yes, most need company of their own kind or hours of attention.
    bird | toys | How many toys belong in a cage? | Three to five, so that there is still room to fly.
    fish | housing | How long does a new tank need before fish? | Four to six weeks of cycling is normal, and test results decide.
    fish | housing | What size suits a first tank? | Twenty gallons is small enough for a room and large enough to forgive mistakes.
    fish | feeding | How often should fish be fed? | Once or twice a day, as much as is gone in two minutes.
    fish | grooming | How much water is changed each week? | About a quarter, with conditioner and at the same temperature.
    fish | general care | Can goldfish live in a bowl? | No, they grow large and need a filter and many gallons.
    fish | health | Why do fish gasp at the top? | Oxygen is low or the water is toxic, so test it and change a third at once.
    reptile | housing | Do all reptiles need UVB? | Most day active species do, and many night active ones gain from a low level.
    reptile | housing | Is sand a good floor? | Calcium sand can block the gut, so paper or slate is safer for beginners.
    reptile | feeding | How often does a corn snake eat? | Young snakes eat weekly, and adults every ten to fourteen days.
    reptile | general care | Do reptiles like company? | Most prefer to live alone and fight or starve in groups.
    reptile | health | Why does a gecko refuse food? | Wrong heat, shedding or illness may be the cause, so check the heat and then ask a vet.
    reptile | training | How often should a reptile be handled? | A few short sessions a week are plenty for most species.
    any | general care | How is a good vet found? | Ask other owners of the same species and visit before there is an emergency.
    any | general care | What belongs in a first aid kit? | Gauze, tape, saline, tweezers and the phone number of an emergency vet.
    any | feeding | Are treats needed? | They help with training, but they count as food.
    any | health | When is it an emergency? | Hard breathing, collapse, heavy bleeding or a known poison need a vet at once.
    """#

  // Mistakes: species | theme | what goes wrong and why.
  static let mistakes = #"""
    dog | feeding | Filling the bowl by eye adds a few extra calories every day.
    dog | feeding | Changing brands overnight often leads to loose stools.
    dog | feeding | Buying by the picture on the bag hides what the small print says.
    dog | training | Calling a dog to scold it teaches it not to come.
    dog | training | Long lessons tire a dog and spoil the next one.
    dog | toys | A toy that is too small can lodge in the throat.
    dog | toys | Leaving every toy on the floor makes all of them boring.
    dog | dental | Waiting for bad breath means that disease has already begun.
    dog | grooming | Bathing a tangled coat turns knots into felt.
    dog | housing | A crate bought for the adult size gives a puppy room to soil one end.
    cat | feeding | Free feeding hides a loss of appetite until it is serious.
    cat | feeding | One shared bowl lets a bold cat eat for two.
    cat | litter | Strong perfume pleases people and puts cats off.
    cat | litter | A box beside a noisy washing machine goes unused.
    cat | litter | A box that is too small leads to misses over the edge.
    cat | training | Spraying water on a cat harms trust and changes little.
    cat | toys | Laser games without a final catch leave many cats frustrated.
    cat | grooming | Waiting for mats makes the first combing hurt.
    cat | housing | A wobbly post is tried once and never again.
    rabbit | feeding | Colorful muesli fills a rabbit with sugar and starch.
    rabbit | feeding | An empty hay rack overnight slows the gut.
    rabbit | housing | A small hutch alone leaves bones and muscles weak.
    rabbit | litter | Cat litter that clumps can block a rabbit.
    small mammal | housing | Tiny starter cages cause stress and bar chewing.
    small mammal | feeding | Sweet yogurt drops harm teeth and weight.
    small mammal | toys | A wheel that bends the back leads to pain.
    bird | housing | Smooth dowel perches of one size cause sore feet.
    bird | feeding | Topping up the bowl over empty husks can starve a bird.
    bird | toys | Crowding the cage leaves no room for flight.
    fish | housing | Adding fish on the first day exposes them to ammonia.
    fish | housing | Replacing all filter media at once removes the helpful bacteria.
    fish | housing | A tiny bowl looks easy and fails fast.
    fish | feeding | Generous pinches of food turn into dirty water.
    fish | grooming | Cleaning everything on one day upsets the balance of a tank.
    reptile | housing | A heat mat without a thermostat can burn.
    reptile | housing | One thermometer in the middle hides a cold end.
    reptile | feeding | Insects left in the enclosure may bite a sleeping lizard.
    reptile | training | Daily handling in the first week puts a new reptile off its food.
    any | general care | Buying on impulse leaves no time to prepare.
    any | general care | Mixing advice for different species causes harm.
    any | general care | Skipping the yearly vet visit lets quiet diseases grow.
    any | general care | The cheapest product often has to be bought twice.
    """#

  // Routine: species | when | task.
  static let routines = #"""
    dog | Every day | Two meals, fresh water, walks and a tooth brushing.
    dog | Every week | Brush the coat, look in the ears and wash the bowls.
    dog | Every month | Give parasite control, trim nails and check the weight.
    dog | Every year | Vet check, vaccines and a look at the microchip data.
    cat | Every day | Small meals, fresh water, scooping and two play sessions.
    cat | Every week | Comb the coat, wash bowls and look at teeth and ears.
    cat | Every month | Change all litter, trim claws and check the weight.
    cat | Every year | Vet check, vaccines and a new scratching surface.
    rabbit | Every day | Fresh hay, greens, clean water and four hours of free running.
    rabbit | Every week | Change the tray fully, brush and weigh.
    rabbit | Every month | Trim nails and look at the front teeth.
    rabbit | Every year | Vet check with the back teeth and vaccines.
    small mammal | Every day | Fresh food, water, spot cleaning and a look at each animal.
    small mammal | Every week | Weigh, swap part of the bedding and scrub bottles.
    small mammal | Every month | Check teeth and nails and replace gnawed toys.
    small mammal | Every year | Vet check by someone who knows small pets.
    bird | Every day | Pellets, greens, water, cage paper and time outside.
    bird | Every week | Weigh, scrub perches and swap one toy.
    bird | Every month | Check nails, beak and cage bars.
    bird | Every year | Vet check with blood test or droppings test.
    fish | Every day | Count the fish, feed a pinch and read the thermometer.
    fish | Every week | Test the water and change a quarter of it.
    fish | Every month | Rinse the sponge in tank water and trim plants.
    fish | Every year | Replace worn tubes, seals and an old heater.
    reptile | Every day | Check heat, light, water and droppings.
    reptile | Every week | Weigh, wash bowls and wipe the glass.
    reptile | Every month | Change the floor and test the thermostat.
    reptile | Every year | New UVB tube and a vet check with a droppings test.
    any | Every day | Food, water, a clean place and a few minutes of watching.
    any | Every week | Wash bowls and check skin, eyes and nails.
    any | Every month | Weigh the animal and replace broken gear.
    any | Every year | Vet check and a review of diet and space.
    """#

  // Criteria for choosing: theme | criterion | why it counts.
  static let criteria = #"""
    feeding | Life stage | The label should name the age group that the food is made for.
    feeding | Main ingredient | The first item on the list tells what the food is built on.
    feeding | Calories | The number per cup or can decides the size of a portion.
    feeding | Freshness | A date that is months away leaves time to finish the pack.
    litter | Dust | Low dust is kinder to lungs and easier to clean.
    litter | Odor control | Good absorption beats perfume.
    litter | Texture | Soft fine grains feel best under the paws.
    litter | Weight | A light bag is easier to carry and to pour.
    toys | Size | It should never fit whole into the mouth.
    toys | Strength | Seams and edges must stand up to real use.
    toys | Purpose | A toy should chase, chew, forage or comfort.
    toys | Cleaning | A part that can be washed stays in use longer.
    housing | Size | Measure the adult animal and not the baby.
    housing | Safety | Latches, gaps and coatings need a close look.
    housing | Access | Wide doors make daily cleaning quicker.
    housing | Climate | The home must hold the right warmth and airflow.
    grooming | Coat match | The tool must suit the coat or skin.
    grooming | Grip | A handle that does not slip gives control.
    grooming | Edges | Rounded tips protect the skin.
    training | Fit | Nothing should rub, pinch or slip off.
    training | Reward value | A small soft treat keeps lessons moving.
    training | Simplicity | Gear that takes seconds to use is used every day.
    dental | Proof | A seal from a dental council shows that a product was tested.
    dental | Softness | A brush or chew should give a little under pressure.
    dental | Taste | A flavor that the animal likes makes daily care possible.
    health | Vet advice | A vet should confirm any product that claims to treat.
    health | Dose | The label must give a dose for the exact weight.
    travel | Strength | The carrier should hold firm when it is shaken.
    travel | Air | Openings on three sides keep the air moving.
    travel | Fit | There must be room to stand and turn.
    seasons | Weather match | Summer and winter call for different gear.
    seasons | Visibility | Bright or reflective parts help on dark days.
    general care | Need | Buy what solves a problem that really exists.
    general care | Quality | Smooth edges and firm joints outlast fancy features.
    general care | Support | A shop that answers questions is worth a detour.
    """#

  // Checklist: theme | item.
  static let checklists = #"""
    feeding | Food that matches age and species.
    feeding | Scale or measuring cup.
    feeding | Clean bowls for food and water.
    feeding | Sealed bin for storage.
    litter | Right number of boxes or trays.
    litter | Scoop, liner or spare bedding.
    litter | Enzyme cleaner.
    toys | One toy to chew or gnaw.
    toys | One toy that hides food.
    toys | A box to rotate the rest.
    housing | Tape measure and floor plan.
    housing | Hiding places.
    housing | Thermometer where heat matters.
    grooming | Brush or comb for the coat.
    grooming | Nail clipper.
    grooming | Towel and rewards.
    training | Small treats.
    training | Quiet room.
    training | Short daily slot.
    dental | Soft brush and safe paste.
    dental | Date of the last mouth check.
    dental | Chew of the right size.
    health | Number of the nearest emergency vet.
    health | Vaccination record.
    health | Weight log.
    travel | Carrier with a familiar blanket.
    travel | Water, food and papers.
    travel | Up to date microchip data.
    seasons | Shade, warmth or both.
    seasons | Parasite plan from the vet.
    seasons | Spare bowl and towel.
    general care | A quiet place to rest.
    general care | Fresh water.
    general care | Vet contact.
    general care | A notebook for changes.
    """#
}
