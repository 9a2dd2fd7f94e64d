import * as fc from 'fast-check';
import { CircuitBreaker, type Model, ModelRejected } from '../../../runtime/gateway';
import { bodyOf, failing, NOW, Outside, SETTINGS } from './outside';

describe('a circuit breaker', () => {
  const breaker = () => {
    const clock = { now: NOW };
    return { clock, subject: new CircuitBreaker(() => clock.now, { failures: 3, openFor: 1000 }) };
  };
  const fail = (subject: CircuitBreaker, times: number) => {
    for (let time = 0; time < times; time += 1) {
      expect(subject.allows()).toBe(true);
      subject.failed();
    }
  };

  test('opens after failures in a row, and not before', () => {
    const { subject } = breaker();
    fail(subject, 2);
    subject.succeeded();
    fail(subject, 2);
    expect([subject.state, subject.allows()]).toEqual(['closed', true]);
    subject.failed();
    expect([subject.state, subject.allows()]).toEqual(['open', false]);
  });

  test('lets one call try after a while: it closes or opens it', () => {
    const { subject, clock } = breaker();
    fail(subject, 3);
    clock.now += 999;
    expect(subject.allows()).toBe(false);
    clock.now += 1;
    expect([subject.state, subject.allows(), subject.allows()]).toEqual(['half-open', true, false]);
    subject.failed();
    expect([subject.state, subject.allows()]).toEqual(['open', false]);
    clock.now += 1000;
    expect(subject.allows()).toBe(true);
    subject.succeeded();
    expect([subject.state, subject.allows(), subject.allows()]).toEqual(['closed', true, true]);
  });

  test('a try that nobody reports on makes room for the next, and one that was given up does so at once', () => {
    const { subject, clock } = breaker();
    fail(subject, 3);
    clock.now += 1000;
    expect([subject.allows(), subject.allows()]).toEqual([true, false]);
    subject.abandoned();
    expect([subject.allows(), subject.allows()]).toEqual([true, false]);
    clock.now += 1000;
    expect(subject.allows()).toBe(true);
  });

  test('whatever happens: open means no call within the time, and a success closes', () => {
    const event = fc.oneof(
      fc.constantFrom('ask', 'succeeded', 'failed', 'abandoned'),
      fc.integer({ min: 0, max: 1500 }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const { subject, clock } = breaker();
        let lastFailure = -Infinity;
        for (const what of events) {
          if (typeof what === 'number') {
            clock.now += what;
          } else if (what === 'ask') {
            const state = subject.state;
            const allowed = subject.allows();
            if (state === 'open') {
              expect(allowed).toBe(false);
              expect(clock.now - lastFailure).toBeLessThan(1000);
            }
            if (state === 'closed') {
              expect(allowed).toBe(true);
            }
          } else {
            subject[what as 'succeeded']();
            lastFailure = what === 'failed' ? clock.now : lastFailure;
            if (what === 'succeeded') {
              expect(subject.state).toBe('closed');
            }
          }
        }
      }),
    );
  });
});

describe('models in their order', () => {
  function gateway(...first: Model['invoke'][]) {
    const outside = new Outside();
    const models = first.map((invoke, index) => outside.served(outside.model({}, { name: `m${index}`, invoke })));
    models.push(outside.served(outside.model({}, { name: 'last' })));
    const ports = outside.ports({ models });
    return { outside, models, call: (other = {}) => outside.call(other, ports) };
  }

  test('the next one answers when the first fails, and the record says so', async () => {
    const { outside, call } = gateway(failing, failing);
    expect((await call()).status).toBe(200);
    expect(outside.records).toMatchObject([{ model: 'last', failedOver: ['m0', 'm1'], decision: 'answered' }]);
  });

  test('one that fails again and again is left alone until it has rested', async () => {
    let asked = 0;
    const { outside, call } = gateway(async () => {
      asked += 1;
      return await failing();
    });
    for (let time = 0; time < 10; time += 1) {
      await call();
    }
    expect(asked).toBe(3);
    outside.now += 30_000;
    await call();
    await call();
    expect(asked).toBe(4);
  });

  test('a question that a model refuses is not passed on, and is no fault of the model', async () => {
    const { outside, models, call } = gateway(async () => {
      throw new ModelRejected('ValidationException');
    });
    for (let time = 0; time < 5; time += 1) {
      expect(bodyOf(await call()).code).toBe('PALISADE-W021');
    }
    expect(outside.asked).toEqual([]);
    expect(models[0].breaker.state).toBe('closed');
  });

  test('with all of them open, the caller learns when to come again', async () => {
    const outside = new Outside();
    const models = [outside.served(outside.model({}, { invoke: failing }))];
    for (let time = 0; time < 3; time += 1) {
      expect(bodyOf(await outside.call({}, outside.ports({ models }))).code).toBe('PALISADE-W006');
    }
    const reply = await outside.call({}, outside.ports({ models }));
    expect([bodyOf(reply).code, reply.headers['retry-after']]).toEqual(['PALISADE-W022', '30']);
  });

  test('one that does not answer in time is not waited for, even if it ignores its signal', async () => {
    const outside = new Outside();
    const deadline = new AbortController();
    const asked: number[] = [];
    const never: Model['invoke'] = () => {
      deadline.abort();
      return new Promise(() => {});
    };
    const models = [
      outside.served(outside.model({}, { invoke: never })),
      outside.served(outside.model({}, { name: 'last' })),
    ];
    const ports = outside.ports({
      models,
      timeout: (milliseconds) => {
        asked.push(milliseconds);
        return asked.length === 1 ? deadline.signal : new AbortController().signal;
      },
    });
    expect((await outside.call({}, ports)).status).toBe(200);
    expect(outside.records).toMatchObject([{ model: 'last', failedOver: ['model-1'] }]);
    expect(asked).toEqual([SETTINGS.modelTimeout, SETTINGS.modelTimeout]);
  });

  test('no model is asked when the time is over', async () => {
    const { outside, call } = gateway(async () => {
      outside.now += SETTINGS.answerWithin;
      return await failing();
    });
    const reply = await call();
    expect([reply.status, bodyOf(reply).code]).toEqual([504, 'PALISADE-W020']);
    expect(outside.asked).toEqual([]);
  });

  test('a caller who goes away is no failure of the model', async () => {
    const outside = new Outside();
    const gone = new AbortController();
    const invoke: Model['invoke'] = async () => {
      gone.abort();
      return await failing();
    };
    const models = [outside.served(outside.model({}, { invoke }))];
    for (let time = 0; time < 5; time += 1) {
      await outside.call({ signal: gone.signal }, outside.ports({ models }));
    }
    expect(models[0].breaker.state).toBe('closed');
    expect(outside.records[0]).toMatchObject({ decision: 'cancelled', code: 'PALISADE-W024' });
  });
});
