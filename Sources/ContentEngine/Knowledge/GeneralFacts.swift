// Facts true of most pets. Extended articles and topics without a species draw on these.

extension KnowledgeText {
  static let general = #"""
    any | feeding | all | Fresh clean water matters more than any treat. | nutrition
    any | feeding | all | Steady meal times make it easy to notice a lost appetite. | nutrition
    any | feeding | all | Stale or moldy food should go straight into the bin. | nutrition
    any | feeding | all | Weighing a pet each month reveals slow changes that the eye misses. | vet
    any | feeding | safety | Table scraps upset the stomach and teach begging. | nutrition
    any | feeding | safety | Keep a poison helpline number next to the phone. | toxicology
    any | feeding | all | A best before date and a lot number should be kept until the bag is empty. | label law
    any | feeding | budget | Buying too much at once saves little when the last third goes stale. | husbandry
    any | training | all | Calm, kind repetition works for every species. | behavior
    any | training | all | Ending a session while it still goes well leaves a good memory. | behavior
    any | training | all | All people in a home should follow the same rules. | behavior
    any | training | all | Fear blocks learning, so distance comes before any lesson. | behavior
    any | training | all | A sudden change in behavior can have a medical cause, so ask a vet first. | vet
    any | litter | all | Daily spot cleaning controls odor better than any perfume. | husbandry
    any | litter | all | Hands should be washed after every cleaning round. | vet
    any | litter | all | The look of droppings is a daily health report, and a vet can read it. | vet
    any | dental | all | A yearly look in the mouth by a vet finds problems before they hurt. | vet
    any | dental | all | Sudden trouble with chewing is always a reason to see a vet. | vet
    any | dental | all | Mouth checks go best when they are short and end with a treat. | behavior
    any | grooming | all | Grooming time is the best time to feel for lumps, ticks and sore spots. | vet
    any | grooming | all | Tools should be cleaned between animals to stop the spread of mites. | husbandry
    any | grooming | all | Good light and a non-slip mat make every grooming task safer. | husbandry
    any | housing | all | Every animal needs a place where nobody disturbs it. | welfare
    any | housing | all | Temperature, light and noise matter as much as space. | welfare
    any | housing | safety | Cleaning products should dry fully before a pet returns. | toxicology
    any | housing | safety | Smoke alarms protect pets as well as people. | welfare
    any | housing | budget | Space is the one thing that is hard to add later, so buy the larger home first. | husbandry
    any | toys | all | The best toy lets an animal do what it would do in nature. | behavior
    any | toys | all | Toys need a wash in hot water every week or two. | husbandry
    any | toys | safety | A toy with cracks or loose parts belongs in the bin. | husbandry
    any | toys | all | Play with a person is worth more than a full toy box. | behavior
    any | health | all | A vet visit in the first week gives a new pet a clean start. | vet
    any | health | all | Not eating, not moving or hard breathing are reasons to call a vet at once. | vet
    any | health | all | Photos and short videos help a vet to understand a problem. | vet
    any | health | all | Keep a written list of medicines and doses for the vet. | vet
    any | health | safety | Medicine made for people can be deadly to pets, so never guess a dose and ask a vet. | toxicology
    any | health | all | Early treatment is cheaper and kinder than late treatment, so a vet should see small changes. | vet
    any | health | budget | Insurance or a small monthly saving softens the cost of an emergency at the vet. | vet
    any | health | senior | Old age is not a disease, and a vet can treat much of the pain that comes with it. | vet
    any | travel | all | A carrier that smells of home keeps stress low. | behavior
    any | travel | all | Pack food, water, medicine and papers in one bag that is always ready. | husbandry
    any | travel | all | Many airlines and borders ask for papers weeks ahead, so check early with a vet. | vet
    any | travel | safety | Pets should ride secured, away from airbags and hot sun. | husbandry
    any | seasons | all | Fireworks are less frightening behind closed curtains with steady music. | behavior
    any | seasons | safety | Holiday chocolate, candles and cords should stay out of reach. | toxicology
    any | seasons | all | Parasites are most active in warm months, and a vet can plan protection. | vet
    any | seasons | all | Shade and extra water bowls are the simplest summer care. | husbandry
    any | seasons | all | Spring cleaning is a good time to replace worn bowls, beds and filters. | husbandry
    any | general care | all | Routine is what makes most animals feel safe. | behavior
    any | general care | all | Ten quiet minutes of watching each day teach an owner what is normal. | behavior
    any | general care | all | Quarantine protects the animals that already live in the home. | vet
    any | general care | beginners | New owners do best when all supplies are in place before the pet arrives. | husbandry
    any | general care | beginners | One change at a time makes it clear what helped. | behavior
    any | general care | beginners | A local shop or rescue can often show how a task is done. | husbandry
    any | general care | children | An adult must stay responsible for the care, even when a child helps. | welfare
    any | general care | children | Picture charts help young children to remember small daily tasks. | behavior
    any | general care | apartment | Washable mats keep noise and mess down in a small home. | husbandry
    any | general care | apartment | Leases often limit pets, so read the rules before buying supplies. | law
    any | general care | budget | Second-hand gear is fine when it can be scrubbed and shows no cracks. | husbandry
    any | general care | budget | The yearly cost of food and vet care is larger than the price of most pets. | welfare
    any | general care | busy | Preparing portions on Sunday saves time on every workday. | husbandry
    any | general care | busy | A trusted neighbor with a key is the best backup plan. | welfare
    any | general care | experienced | Written records make slow trends visible. | husbandry
    any | general care | experienced | Changing one factor and logging the result for two weeks gives a fair test. | husbandry
    any | general care | experienced | Exact scales, timers and thermometers beat guesswork. | husbandry
    any | general care | elderly | Raised bowls and long handled scoops save a stiff back. | husbandry
    any | general care | elderly | A sitter named in writing gives peace of mind before a hospital stay. | welfare
    any | general care | all | Good notes help a sitter to keep the routine. | husbandry
    any | general care | all | Adoption from a rescue gives a second home and often includes first vaccines. | welfare
    """#
}
