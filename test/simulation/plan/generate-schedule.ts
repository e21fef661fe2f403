import { Random } from '../random.ts';
import { generateFaults } from './generate-faults.ts';
import { generateOperations } from './generate-operations.ts';
import { generateTraffic } from './generate-traffic.ts';
import { CALM_STATUSES, type Customer, type Schedule, type StatusHabits } from './schedule.ts';
import { withRestore } from './with-restore.ts';

/** How much goes wrong: in `calm` and `light` schedules the sharpest rules apply. */
type Weather = 'calm' | 'light' | 'heavy';

/** A schedule made of its seed alone. */
export function generateSchedule(seed: number): Schedule {
  const random = new Random(seed, 'schedule');
  const weather = weatherOf(random.next());
  const customers = generateCustomers(random);
  const traffic = generateTraffic(customers, random);
  return withRestore({
    seed,
    customers,
    ...traffic,
    operations: weather === 'calm' ? [] : generateOperations(customers, random),
    statuses: weather === 'heavy' ? wildStatuses(random) : mildStatuses(random),
    faults: generateFaults(faultCount(weather, random), random),
  });
}

function weatherOf(chance: number): Weather {
  if (chance < 0.15) return 'calm';
  return chance < 0.5 ? 'light' : 'heavy';
}

function faultCount(weather: Weather, random: Random): number {
  switch (weather) {
    case 'calm':
      return 0;
    case 'light':
      return random.int(1, 3);
    case 'heavy':
      return random.int(4, 14);
  }
}

function generateCustomers(random: Random): readonly Customer[] {
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  return Array.from({ length: count }, (_, index) => ({
    index,
    business: random.chance(0.5) ? 1 : 0,
    phones: [phone(index, 0), phone(index, 1)],
    userId: `ES.9021045661230077${String(index).padStart(4, '0')}`,
  }));
}

function phone(customer: number, nth: number): string {
  return `346001${String(customer * 2 + nth).padStart(5, '0')}`;
}

function mildStatuses(random: Random): StatusHabits {
  return { ...CALM_STATUSES, duplicated: random.pick([0, 0.3]), reordered: random.pick([0, 0.3]) };
}

function wildStatuses(random: Random): StatusHabits {
  return {
    never: random.pick([0, 0, 0.5, 1]),
    late: random.pick([0, 0, 0.5, 1]),
    duplicated: random.pick([0, 0.5]),
    reordered: random.pick([0, 0.5]),
    failed: random.pick([0, 0, 0, 0.3]),
  };
}
