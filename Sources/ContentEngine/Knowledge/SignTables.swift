// Signs of illness: species | theme | sign | what it may mean | how urgent.
//
// The last column always says when a vet must see the animal. No line names a cure.

extension KnowledgeText {
  static let signs = #"""
    dog | dental | Bad breath for days | Plaque or gum disease | Book a vet visit this week
    dog | dental | Red or bleeding gums | Gum disease | See a vet within days
    dog | dental | Brown crust on teeth | Tartar | Mention it at the next check
    dog | dental | Chewing on one side | A painful or broken tooth | See a vet within days
    dog | dental | Swelling under the eye | A root abscess | See a vet today
    dog | dental | Pawing at the mouth | Pain or a stuck object | See a vet today
    dog | dental | Loose adult tooth | Advanced gum disease | See a vet within days
    dog | health | Swollen belly with dry retching | A twisted stomach | Go to a vet now
    dog | health | Pale gums or collapse | Shock or blood loss | Go to a vet now
    dog | health | Vomiting for over a day | Infection or a blockage | See a vet today
    dog | health | Sudden heavy thirst | Kidney disease or diabetes | Book a vet visit this week
    dog | health | Limping | Sprain or joint disease | See a vet after one day
    dog | health | Constant scratching | Fleas or allergy | Book a vet visit this week
    dog | health | Cough after exercise | Airway or heart disease | See a vet within days
    dog | health | Head shaking | Ear infection | See a vet within days
    cat | dental | Drooling | Mouth pain | See a vet within days
    cat | dental | Dropped food | A sore tooth | See a vet within days
    cat | dental | Red gum line | Gum disease | Book a vet visit this week
    cat | dental | Bad breath | Dental or kidney disease | Book a vet visit this week
    cat | dental | Hiding at meal times | Pain on chewing | See a vet within days
    cat | dental | Swollen face | Abscess | See a vet today
    cat | health | Straining with no urine | A blocked bladder | Go to a vet now
    cat | health | Open mouth breathing | Heart or lung trouble | Go to a vet now
    cat | health | No food for a day | Pain or illness | See a vet today
    cat | health | Weight loss with hunger | Thyroid disease or diabetes | Book a vet visit this week
    cat | health | More thirst | Kidney disease | Book a vet visit this week
    cat | health | Hiding all day | Pain or fear | See a vet after one day
    cat | health | Vomiting each week | Gut disease or diet | Book a vet visit this week
    cat | litter | Urine outside the box | Bladder pain or a dirty box | See a vet within days
    cat | litter | Many trips with little urine | Bladder disease | See a vet today
    cat | litter | Hard dry droppings | Too little water | Book a vet visit this week
    rabbit | health | No droppings for twelve hours | A stopped gut | Go to a vet now
    rabbit | health | Head tilt | Ear infection or parasite | See a vet today
    rabbit | health | White nose discharge | Airway infection | See a vet within days
    rabbit | health | Hunched with half closed eyes | Pain | See a vet today
    rabbit | health | Wet rear in summer | Risk of fly strike | See a vet today
    rabbit | dental | Wet chin | Overgrown teeth | See a vet within days
    rabbit | dental | Runny eye | A tooth root problem | See a vet within days
    rabbit | dental | Only soft food is eaten | Pain in the back teeth | See a vet today
    rabbit | dental | Lump on the jaw | Abscess | See a vet within days
    small mammal | health | Wet tail end in a hamster | Gut infection | Go to a vet now
    small mammal | health | Guinea pig stops eating | Pain, teeth or gut trouble | See a vet today
    small mammal | health | Noisy breathing | Airway infection | See a vet within days
    small mammal | health | Crusty skin | Mites | Book a vet visit this week
    small mammal | health | A new lump | Abscess or tumor | Book a vet visit this week
    small mammal | dental | Drooling | Overgrown teeth | See a vet today
    small mammal | dental | Slow chewing | Back tooth pain | See a vet within days
    small mammal | dental | Weight loss | Dental disease | See a vet within days
    bird | health | Fluffed up on the floor | Severe illness | Go to a vet now
    bird | health | Tail bobs at rest | Hard breathing | See a vet today
    bird | health | Straining hen | A stuck egg | Go to a vet now
    bird | health | Change in droppings | Diet or illness | See a vet after one day
    bird | health | Plucked feathers | Stress or disease | Book a vet visit this week
    bird | health | Overgrown beak | Mites or liver disease | Book a vet visit this week
    bird | dental | Beak halves do not meet | Injury or growth problem | Book a vet visit this week
    fish | health | White spots | Ich parasite | Test the water and ask a vet or store today
    fish | health | Gasping at the surface | Low oxygen or ammonia | Change water now and call a fish vet if it lasts
    fish | health | Clamped fins | Stress or bad water | Test the water today and ask a vet if it spreads
    fish | health | Raised scales | Organ failure | Call a fish vet today
    fish | health | Ragged fins | Fin rot or fights | Change water and call a vet if edges redden
    fish | health | Upside down swimming | Gut or bladder trouble | Call a vet if it lasts two days
    reptile | health | Shaky or bent legs | Bone disease | See a vet within days
    reptile | health | Bubbles at the nose | Lung infection | See a vet today
    reptile | health | Sunken eyes | Lack of water | See a vet within days
    reptile | health | Black moving dots | Mites | Book a vet visit this week
    reptile | health | Thin tail in a gecko | Parasites or hunger | Book a vet visit this week
    reptile | health | Straining female | Stuck eggs | See a vet today
    reptile | dental | Cheesy film in the mouth | Mouth rot | See a vet within days
    reptile | dental | Swollen jaw | Abscess or bone disease | See a vet within days
    any | health | No appetite | Pain or illness | Call a vet today
    any | health | Hard breathing | Heart or lung trouble | Go to a vet now
    any | health | Sudden weight loss | Chronic disease | Book a vet visit this week
    any | health | A change in droppings | Diet or infection | Call a vet after one day
    any | health | Hiding more than usual | Pain or fear | Call a vet after one day
    """#
}
