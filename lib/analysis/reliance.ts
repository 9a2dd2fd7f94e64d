/** A value, and whether it rests on the assumed outcome of a condition: another world may have another value. */
export interface Tracked<T> {
  readonly value: T;
  readonly assumed: boolean;
}

/**
 * Finds out what rests on assumptions, by noting them where they are made and wherever a value that was kept is used
 * again. What is computed without such a note is the same in every world, and need not be computed for each.
 */
export class Reliance {
  private assumed = false;

  /** Notes that what is being computed rests on an assumption. */
  note(): void {
    this.assumed = true;
  }

  /** Computes a value, which counts for what is being computed around it only once that uses it. */
  track<T>(compute: () => T): Tracked<T> {
    const around = this.assumed;
    this.assumed = false;
    const value = compute();
    const tracked = { value, assumed: this.assumed };
    this.assumed = around;
    return tracked;
  }

  /** Gives a tracked value to what is being computed, which then rests on whatever the value rests on. */
  use<T>(tracked: Tracked<T>): T {
    this.assumed = this.assumed || tracked.assumed;
    return tracked.value;
  }

  /** The same object, which notes when somebody looks at one of these members, or at which members there are. */
  watched<T extends object>(object: T, members: ReadonlySet<string>): T {
    const note = (key: string | symbol) => {
      if (typeof key === 'symbol' || members.has(key)) {
        this.note();
      }
    };
    return new Proxy(object, {
      get: (target, key) => {
        note(key);
        return Reflect.get(target, key);
      },
      has: (target, key) => {
        note(key);
        return Reflect.has(target, key);
      },
      getOwnPropertyDescriptor: (target, key) => {
        note(key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      ownKeys: (target) => {
        this.note();
        return Reflect.ownKeys(target);
      },
    });
  }
}
