// Procedures for how-to articles, in the order in which they are done.
//
// Line: species | theme | cue words | kind | text. Kind is need, step or trouble. Lines with
// the same cue words belong together; the topic chooses the procedure whose cues it names.

extension KnowledgeText {
  static let procedures = #"""
    dog | training | crate den | need | A crate in which the dog can stand and turn
    dog | training | crate den | need | A washable mat and tiny soft treats
    dog | training | crate den | need | A chew toy that is safe to enjoy alone
    dog | training | crate den | step | Place the open crate in a room where people sit, and leave it there for two days.
    dog | training | crate den | step | Toss treats near the door, then inside, and let the dog walk in by choice.
    dog | training | crate den | step | Feed two or three meals at the back of the crate with the door open.
    dog | training | crate den | step | Close the door during a meal and open it before the bowl is empty.
    dog | training | crate den | step | Wait one minute longer each day until ten quiet minutes are easy.
    dog | training | crate den | step | Leave the room for a few seconds, return calmly, and build up to half an hour.
    dog | training | crate den | step | Start nights with the crate beside the bed so that a toilet trip is heard.
    dog | training | crate den | trouble | Whining in the first minute often fades, but ten minutes of it means the step was too big.
    dog | training | crate den | trouble | A soiled crate points to long hours, a crate that is too large, or an illness that a vet should rule out.
    dog | training | house toilet potty housebreak | need | A leash, rewards and a fixed outdoor spot
    dog | training | house toilet potty housebreak | need | An enzyme cleaner for accidents
    dog | training | house toilet potty housebreak | step | Go out after each sleep, meal and game, and at least every two hours at first.
    dog | training | house toilet potty housebreak | step | Walk to the same spot on a leash and stand still for three minutes.
    dog | training | house toilet potty housebreak | step | Say one quiet cue while it happens and reward within two seconds.
    dog | training | house toilet potty housebreak | step | Watch for circling and sniffing indoors, and go out at once.
    dog | training | house toilet potty housebreak | step | Use a crate or a pen when nobody can watch.
    dog | training | house toilet potty housebreak | step | Lengthen the breaks by half an hour after each clean week.
    dog | training | house toilet potty housebreak | trouble | Accidents in the same place fade when the scent is removed with enzymes.
    dog | training | house toilet potty housebreak | trouble | A trained dog that starts to leak again should see a vet.
    dog | training | leash sit recall cue basic obedience | need | A flat collar or harness and a six foot leash
    dog | training | leash sit recall cue basic obedience | need | Twenty pea sized treats
    dog | training | leash sit recall cue basic obedience | step | Begin in a quiet room when the dog is awake and a little hungry.
    dog | training | leash sit recall cue basic obedience | step | Lure the nose up and back for a sit, and treat the moment the rear touches the floor.
    dog | training | leash sit recall cue basic obedience | step | Add the word once the motion works eight times out of ten.
    dog | training | leash sit recall cue basic obedience | step | Repeat five times, then play for a minute.
    dog | training | leash sit recall cue basic obedience | step | Move to the garden, then to a calm street.
    dog | training | leash sit recall cue basic obedience | step | Replace half of the treats with praise and games after two weeks.
    dog | training | leash sit recall cue basic obedience | trouble | A dog that stops listening needs an easier place and a better reward.
    dog | training | leash sit recall cue basic obedience | trouble | Growling or freezing is a request for space, and a trainer can help.
    dog | dental | brush teeth tooth | need | A soft toothbrush or finger brush
    dog | dental | brush teeth tooth | need | Toothpaste made for dogs
    dog | dental | brush teeth tooth | step | Let the dog lick a little paste from a finger for three days.
    dog | dental | brush teeth tooth | step | Lift the lip for a second and rub the front teeth with the finger.
    dog | dental | brush teeth tooth | step | Touch the brush to two teeth and stop with a reward.
    dog | dental | brush teeth tooth | step | Hold the brush at an angle toward the gum line and use small circles.
    dog | dental | brush teeth tooth | step | Add a few teeth each day until both outer sides take about one minute.
    dog | dental | brush teeth tooth | step | Brush at the same time each day so that it turns into habit.
    dog | dental | brush teeth tooth | trouble | Blood on the brush that returns for a second day is a matter for a vet.
    dog | dental | brush teeth tooth | trouble | A dog that turns away needs a return to the paste only.
    dog | grooming | bath groom nail brush | need | A brush that suits the coat and dog shampoo
    dog | grooming | bath groom nail brush | need | Two towels and a non-slip mat
    dog | grooming | bath groom nail brush | step | Brush out loose hair and tangles before the coat gets wet.
    dog | grooming | bath groom nail brush | step | Test the water with a wrist, for it should feel just warm.
    dog | grooming | bath groom nail brush | step | Wet the body from the shoulders back and keep the ears dry.
    dog | grooming | bath groom nail brush | step | Work in diluted shampoo and leave it for the minutes on the label.
    dog | grooming | bath groom nail brush | step | Rinse until the water runs clear, because soap left behind itches.
    dog | grooming | bath groom nail brush | step | Dry with towels, then check ears, nails and paws.
    dog | grooming | bath groom nail brush | trouble | A dog that panics in the tub may accept a damp cloth and a slow start.
    dog | grooming | bath groom nail brush | trouble | Raw or smelly skin under the coat needs a vet before a bath.
    cat | litter | train litter box kitten | need | A large open box and fine unscented litter
    cat | litter | train litter box kitten | need | A scoop, a mat and an enzyme cleaner
    cat | litter | train litter box kitten | step | Set the box in a quiet corner away from food.
    cat | litter | train litter box kitten | step | Fill it to a depth of two to three inches.
    cat | litter | train litter box kitten | step | Show the cat the box after waking and after each meal.
    cat | litter | train litter box kitten | step | Let the cat dig alone and praise softly when it is done.
    cat | litter | train litter box kitten | step | Keep a kitten in one room with the box for the first week.
    cat | litter | train litter box kitten | step | Scoop daily and add a second box when the cat gains more rooms.
    cat | litter | train litter box kitten | trouble | A cat that goes beside the box may dislike the litter, the hood or the place.
    cat | litter | train litter box kitten | trouble | Sudden accidents in an adult cat call for a vet check.
    cat | training | introduce scratch carrier new | need | A safe room with box, bowls and a hiding place
    cat | training | introduce scratch carrier new | need | Two cloths for swapping scent and a few favorite treats
    cat | training | introduce scratch carrier new | step | Give the new cat one closed room for the first days.
    cat | training | introduce scratch carrier new | step | Rub a cloth on each cat and place it near the food of the other.
    cat | training | introduce scratch carrier new | step | Feed both cats on either side of the closed door.
    cat | training | introduce scratch carrier new | step | Swap rooms for an hour a day so that scents mix.
    cat | training | introduce scratch carrier new | step | Let them see each other through a gate while they eat.
    cat | training | introduce scratch carrier new | step | Allow short meetings with toys and end them while all is calm.
    cat | training | introduce scratch carrier new | trouble | Hissing is normal, but a chase means a step back behind the gate.
    cat | training | introduce scratch carrier new | trouble | A cat that stops eating for a day needs a vet.
    cat | grooming | groom brush nail claw | need | A comb, a soft brush and a claw clipper
    cat | grooming | groom brush nail claw | need | Treats that the cat gets at no other time
    cat | grooming | groom brush nail claw | step | Wait until the cat is sleepy and sit beside it.
    cat | grooming | groom brush nail claw | step | Stroke with the hand first, then with the brush along the back.
    cat | grooming | groom brush nail claw | step | Comb behind the ears and under the legs, where mats begin.
    cat | grooming | groom brush nail claw | step | Press a toe softly and clip only the clear tip of the claw.
    cat | grooming | groom brush nail claw | step | Stop at the first flick of the tail and give a treat.
    cat | grooming | groom brush nail claw | trouble | Tight mats are a job for a groomer or a vet.
    fish | housing | set up setup cycle aquarium tank start | need | A tank, a firm stand, a filter, a heater and a lid
    fish | housing | set up setup cycle aquarium tank start | need | Gravel, water conditioner and a liquid test kit
    fish | housing | set up setup cycle aquarium tank start | step | Rinse gravel and tank with plain water, never with soap.
    fish | housing | set up setup cycle aquarium tank start | step | Place the stand away from sun and radiators and check that it is level.
    fish | housing | set up setup cycle aquarium tank start | step | Add gravel, plants and decor, then fill slowly over a plate.
    fish | housing | set up setup cycle aquarium tank start | step | Treat the water with conditioner and start filter and heater.
    fish | housing | set up setup cycle aquarium tank start | step | Add a source of ammonia and test the water every second day for four to six weeks.
    fish | housing | set up setup cycle aquarium tank start | step | Wait until ammonia and nitrite both read zero within a day of feeding the filter.
    fish | housing | set up setup cycle aquarium tank start | step | Change half of the water and add the first few hardy fish.
    fish | housing | set up setup cycle aquarium tank start | trouble | Cloudy water in the first weeks is a bloom of bacteria and clears without help.
    fish | housing | set up setup cycle aquarium tank start | trouble | Ammonia above zero with fish in the tank calls for a water change the same day.
    fish | grooming | clean water change | need | A gravel siphon, a bucket kept for fish only and conditioner
    fish | grooming | clean water change | need | A thermometer and an algae pad
    fish | grooming | clean water change | step | Unplug the heater and wipe the algae from the glass.
    fish | grooming | clean water change | step | Siphon a quarter of the water while the tube moves through the gravel.
    fish | grooming | clean water change | step | Swish the filter sponge in the bucket of old water.
    fish | grooming | clean water change | step | Mix new water with conditioner at the same warmth as the tank.
    fish | grooming | clean water change | step | Pour it in slowly, then plug the heater back in.
    fish | grooming | clean water change | trouble | Fish that gasp after a change may have met chlorine, so add conditioner at once.
    rabbit | litter | train litter tray | need | A large tray, paper litter and a hay rack
    rabbit | litter | train litter tray | need | A pen to limit space at first
    rabbit | litter | train litter tray | step | Have the rabbit neutered first, since hormones drive marking.
    rabbit | litter | train litter tray | step | Limit the space to a pen and see which corner is used.
    rabbit | litter | train litter tray | step | Set the tray in that corner and hang hay above it.
    rabbit | litter | train litter tray | step | Drop stray pellets and damp paper into the tray.
    rabbit | litter | train litter tray | step | Reward each visit with a bit of parsley.
    rabbit | litter | train litter tray | step | Open up more room after a clean week.
    rabbit | litter | train litter tray | trouble | A trained rabbit that misses the tray may be in pain, so ask a vet.
    rabbit | training | bond introduce handle pick | need | Neutral floor space and two hiding boxes
    rabbit | training | bond introduce handle pick | need | Greens to share and a thick towel
    rabbit | training | bond introduce handle pick | step | Wait several weeks after neutering so that hormones settle.
    rabbit | training | bond introduce handle pick | step | Keep both rabbits in pens side by side for a week or two.
    rabbit | training | bond introduce handle pick | step | Swap trays and toys every day.
    rabbit | training | bond introduce handle pick | step | Let them meet on neutral floor for ten minutes with greens.
    rabbit | training | bond introduce handle pick | step | Part them calmly before any chase turns into a fight.
    rabbit | training | bond introduce handle pick | step | Lengthen the meetings until they groom and lie side by side.
    rabbit | training | bond introduce handle pick | trouble | Bites or circling mean a pause of a few days.
    bird | training | tame train talk step up hand parrot | need | Millet or another treat kept for lessons
    bird | training | tame train talk step up hand parrot | need | A short hand held perch
    bird | training | tame train talk step up hand parrot | step | Sit by the cage and read aloud for ten minutes a day.
    bird | training | tame train talk step up hand parrot | step | Offer a treat through the bars until the bird comes over at once.
    bird | training | tame train talk step up hand parrot | step | Rest a hand inside the open door without moving.
    bird | training | tame train talk step up hand parrot | step | Hold the perch against the lower chest and say the cue.
    bird | training | tame train talk step up hand parrot | step | Reward one foot on the perch, then both feet.
    bird | training | tame train talk step up hand parrot | step | Swap the perch for a finger after a week of easy steps.
    bird | training | tame train talk step up hand parrot | trouble | A bird that leans away needs more distance and a shorter lesson.
    bird | training | tame train talk step up hand parrot | trouble | Sudden biting in a tame bird may be pain, so ask a vet.
    reptile | housing | set up setup enclosure terrarium vivarium tank | need | An enclosure, a heat lamp, a thermostat and two thermometers
    reptile | housing | set up setup enclosure terrarium vivarium tank | need | Two hides, a water bowl and a safe floor
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Place the enclosure away from windows and doors.
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Fit the heat lamp at one end and connect it to the thermostat.
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Mount the UVB tube above the basking side when the species needs one.
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Lay the floor, then set one hide in the warm end and one in the cool end.
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Run the setup for three days and read both thermometers morning and night.
    reptile | housing | set up setup enclosure terrarium vivarium tank | step | Correct the heat before the animal moves in.
    reptile | housing | set up setup enclosure terrarium vivarium tank | trouble | A cool end above the limit calls for a weaker lamp or more vents.
    reptile | training | handle tame hold | need | A calm room and clean hands without food scent
    reptile | training | handle tame hold | step | Leave the animal in peace for the first week.
    reptile | training | handle tame hold | step | Rest a hand in the enclosure for five minutes each day.
    reptile | training | handle tame hold | step | Slide the hand under the belly from the side.
    reptile | training | handle tame hold | step | Lift low over a soft surface and support all four feet or the full body.
    reptile | training | handle tame hold | step | Return the animal before it begins to struggle.
    reptile | training | handle tame hold | trouble | Hissing, tail waving or a gaping mouth mean that the session is over.
    small mammal | training | tame handle hold bond | need | Small treats and a shallow box
    small mammal | training | tame handle hold bond | need | A quiet hour when the animal is awake
    small mammal | training | tame handle hold bond | step | Let the new pet rest for two or three days.
    small mammal | training | tame handle hold bond | step | Talk softly while the food is changed.
    small mammal | training | tame handle hold bond | step | Offer a treat on the open palm and keep still.
    small mammal | training | tame handle hold bond | step | Wait until the pet climbs onto the hand by choice.
    small mammal | training | tame handle hold bond | step | Lift with both hands just above the floor.
    small mammal | training | tame handle hold bond | step | Keep the first outings under five minutes.
    small mammal | training | tame handle hold bond | trouble | Nips often mean that fingers smell of food, so wash first.
    small mammal | housing | clean set up setup cage | need | A roomy cage, deep paper bedding and two hides
    small mammal | housing | clean set up setup cage | need | A solid wheel for hamsters
    small mammal | housing | clean set up setup cage | need | A full hay rack for guinea pigs
    small mammal | housing | clean set up setup cage | step | Choose a quiet spot without sun or drafts.
    small mammal | housing | clean set up setup cage | step | Fill in bedding and press it down in layers.
    small mammal | housing | clean set up setup cage | step | Set hides at both ends and the wheel on a firm base.
    small mammal | housing | clean set up setup cage | step | Hang the bottle so that the spout is at nose height.
    small mammal | housing | clean set up setup cage | step | Scatter food and let the pet explore alone overnight.
    small mammal | housing | clean set up setup cage | trouble | Bar chewing at night is a plea for more room and more to do.
    any | general care | start care routine | need | The right home, food and bowls
    any | general care | start care routine | need | A notebook and the number of a vet
    any | general care | start care routine | step | Read about the needs of the species before buying anything.
    any | general care | start care routine | step | Prepare the home in a quiet place and check it for hazards.
    any | general care | start care routine | step | Book a first vet visit for the week of arrival.
    any | general care | start care routine | step | Give the animal time to rest and watch from a distance.
    any | general care | start care routine | step | Keep feeding times and light the same every day.
    any | general care | start care routine | step | Write down weight, appetite and anything odd once a week.
    any | general care | start care routine | trouble | A pet that does not eat on the second day needs a call to the vet.
    """#
}
