/** The 22 communicative acts of FIPA SC00037J; the numbers are the codes in a frame. */
export enum Act {
  AcceptProposal = 1,
  Agree,
  Cancel,
  Cfp,
  Confirm,
  Disconfirm,
  Failure,
  Inform,
  InformIf,
  InformRef,
  NotUnderstood,
  Propagate,
  Propose,
  Proxy,
  QueryIf,
  QueryRef,
  Refuse,
  RejectProposal,
  Request,
  RequestWhen,
  RequestWhenever,
  Subscribe,
}

/** The act as FIPA writes it: `accept-proposal`. */
export function actName (act: Act): string {
  switch (act) {
    case Act.AcceptProposal: return 'accept-proposal'
    case Act.Agree: return 'agree'
    case Act.Cancel: return 'cancel'
    case Act.Cfp: return 'cfp'
    case Act.Confirm: return 'confirm'
    case Act.Disconfirm: return 'disconfirm'
    case Act.Failure: return 'failure'
    case Act.Inform: return 'inform'
    case Act.InformIf: return 'inform-if'
    case Act.InformRef: return 'inform-ref'
    case Act.NotUnderstood: return 'not-understood'
    case Act.Propagate: return 'propagate'
    case Act.Propose: return 'propose'
    case Act.Proxy: return 'proxy'
    case Act.QueryIf: return 'query-if'
    case Act.QueryRef: return 'query-ref'
    case Act.Refuse: return 'refuse'
    case Act.RejectProposal: return 'reject-proposal'
    case Act.Request: return 'request'
    case Act.RequestWhen: return 'request-when'
    case Act.RequestWhenever: return 'request-whenever'
    case Act.Subscribe: return 'subscribe'
    default: return 'act ' + act.toString()
  }
}
