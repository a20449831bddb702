import { Act, Agent, JsonObject, log, Message, Result, resultText, setTimer, start } from 'caxton-server/sdk'

/**
 * Asks the heater for the temperature at intervals, and to heat when it is too cold. Configuration:
 * `{"wanted":20,"every":3000}`, in degrees and milliseconds.
 */
class Thermostat extends Agent {
  private wanted: f64 = 20
  private every: i32 = 3000

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (settings) {
      this.wanted = settings.getNumber('wanted', this.wanted)
      this.every = <i32>settings.getInteger('every', this.every)
    }
    setTimer(this.every)
  }

  onTimer (id: i32): void {
    setTimer(this.every)
    this.ask('measure')
  }

  onMessage (message: Message): void {
    const told = message.json
    if (message.act == Act.Inform && told) this.consider(message, told.getNumber('celsius'))
    else if (message.act == Act.Agree) log.info('the heater is at it')
    else if (message.act == Act.Refuse && told) log.info('the heater refuses: ' + told.getString('reason'))
    else if (message.act == Act.Failure) log.warn('no luck with the heater: ' + message.content)
  }

  private consider (message: Message, celsius: f64): void {
    const heated = message.inReplyTo == 'heat'
    log.info(`${celsius} °C${heated ? ' after heating' : ''}, ${this.wanted} °C wanted`)
    if (!heated && celsius < this.wanted) this.ask('heat')
  }

  private ask (what: string): void {
    const result = Message.request('heater').json(new JsonObject().set('do', what))
      .protocol('fipa-request').replyWith(what).replyBy(5000).send()
    if (result != Result.Ok) log.warn('could not ask the heater: ' + resultText(result))
  }
}

start(new Thermostat())
