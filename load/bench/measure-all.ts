import type { Benchmark, Failure, How, Section } from './section.ts';

/** One after the other; one that fails takes no other one's result away. */
export async function measureAll(
  benchmarks: readonly Benchmark[],
  how: How,
  onSection: (section: Section) => void,
): Promise<{ readonly sections: readonly Section[]; readonly failures: readonly Failure[] }> {
  const sections: Section[] = [];
  const failures: Failure[] = [];
  for (const { name, run } of benchmarks) {
    try {
      const section = await run(how);
      sections.push(section);
      onSection(section);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      how.say(`${name}: ${(error instanceof Error && error.stack) || why}`);
      failures.push({ name, why });
    }
  }
  return { sections, failures };
}
