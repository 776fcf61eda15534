/**
 * Who may call which operation: one table, read by the server before every handler, by the tests that walk over
 * `openapi.json`, and by the web app to disable what its user may not do.
 *
 * Tenancy is not in the table: an organization's endpoints only ever see the acting organization's records, and an id
 * of another organization is answered 404 whoever asks.
 */
import type { Operation } from './index.ts';

/** Roles within an organization. */
export type OrganizationRole = 'owner' | 'admin' | 'billing' | 'member';

/** Roles on the deployment: `operator` reads and supports, `admin` may do everything. */
export type PlatformRole = 'operator' | 'admin';

export interface Rule {
  /** Anyone, signed in or not. */
  anyone: boolean;
  /** Any signed-in person, whatever the organization. */
  person: boolean;
  /** Roles in the acting organization that may call it. */
  roles: readonly OrganizationRole[];
  /** Whether an API key of the acting organization may call it. */
  apiKey: boolean;
  /** Whether an application's own key may call it. */
  application: boolean;
  /** Roles on the deployment that may call it. */
  platform: readonly PlatformRole[];
}

const nobody: Rule = {
  anyone: false,
  person: false,
  roles: [],
  apiKey: false,
  application: false,
  platform: [],
};
const everyRole = ['owner', 'admin', 'billing', 'member'] as const;

const anyone: Rule = { ...nobody, anyone: true };
const person: Rule = { ...nobody, person: true };
const members: Rule = { ...nobody, roles: everyRole };
const membersAndKeys: Rule = { ...nobody, roles: everyRole, apiKey: true };
const payers: Rule = { ...nobody, roles: ['owner', 'admin', 'billing'] };
const keyHolders: Rule = { ...nobody, roles: ['owner', 'admin', 'member'] };
const managers: Rule = { ...nobody, roles: ['owner', 'admin'] };
const applications: Rule = { ...nobody, application: true };
const reporters: Rule = { ...nobody, apiKey: true, application: true };
const operators: Rule = { ...nobody, platform: ['operator', 'admin'] };
const administrators: Rule = { ...nobody, platform: ['admin'] };

export const authorization: Record<Operation, Rule> = {
  register: anyone,
  verifyEmail: anyone,
  login: anyone,
  refreshSession: anyone,
  logout: anyone,
  forgotPassword: anyone,
  resetPassword: anyone,
  getJwks: anyone,
  getMe: person,
  updateMe: person,
  listOrganizations: person,
  getOrganization: members,
  updateOrganization: managers,
  listMembers: managers,
  listApiKeys: keyHolders,
  createApiKey: keyHolders,
  updateApiKey: keyHolders,
  rotateApiKey: keyHolders,
  revokeApiKey: keyHolders,
  listAuditLogs: managers,

  authorizeAccess: applications,
  settleAccess: applications,
  releaseAccess: applications,
  renewAccess: applications,
  checkRateLimit: applications,
  getAccessFeatures: applications,
  getAccessQuotas: applications,
  registerSubject: applications,
  getSubject: applications,
  listSubjects: applications,
  removeSubject: applications,

  getDeployment: anyone,
  listPackages: anyone,
  listPlans: anyone,
  listModels: anyone,
  listPaymentProviders: anyone,
  getBillingSummary: membersAndKeys,
  getWallet: membersAndKeys,
  listWalletTransactions: members,
  listDailyUsage: membersAndKeys,
  getUsage: membersAndKeys,
  getMeterUsage: membersAndKeys,
  reportUsage: reporters,
  listReportedEvents: membersAndKeys,
  listQuotas: membersAndKeys,
  listQuotaViolations: membersAndKeys,
  listReceipts: membersAndKeys,
  getReceipt: membersAndKeys,
  topUpWallet: payers,
  purchasePackage: payers,
  listSubscriptions: membersAndKeys,
  getSubscription: membersAndKeys,
  previewNewSubscription: payers,
  createSubscription: payers,
  previewSubscription: payers,
  upgradeSubscription: payers,
  downgradeSubscription: payers,
  cancelSubscription: payers,
  pauseSubscription: payers,
  previewAddOn: payers,
  setAddOn: payers,
  resumeSubscription: payers,
  setSubscriptionProvider: payers,
  listQuotes: payers,
  getQuote: payers,
  previewQuote: payers,
  acceptQuote: payers,
  declineQuote: payers,
  listPayments: members,
  getPayment: members,
  listInvoices: members,
  getInvoice: members,
  payInvoice: payers,
  printInvoice: members,
  listCreditNotes: members,
  getCreditNote: members,
  printCreditNote: members,
  getBillingDetails: payers,
  updateBillingDetails: payers,
  listFapiao: payers,
  getFapiao: payers,
  downloadFapiao: payers,
  listFapiaoInvoices: payers,
  getFapiaoTitle: payers,
  requestFapiao: payers,
  receivePaymentNotification: anyone,
  receivePaymentNotificationPost: anyone,

  searchUsers: operators,
  searchOrganizations: operators,
  inspectOrganization: operators,
  setOrganizationStatus: administrators,
  listApplications: operators,
  createApplication: administrators,
  getApplication: operators,
  updateApplication: administrators,
  listApplicationKeys: operators,
  createApplicationKey: administrators,
  revokeApplicationKey: administrators,
  searchPackages: operators,
  getPackage: operators,
  createPackage: administrators,
  updatePackage: administrators,
  deletePackage: administrators,
  listMeters: operators,
  getMeter: operators,
  createMeter: administrators,
  updateMeter: administrators,
  listFeatures: operators,
  getFeature: operators,
  createFeature: administrators,
  updateFeature: administrators,
  searchPlans: operators,
  getPlan: operators,
  listPlanVersions: operators,
  createPlan: administrators,
  updatePlan: administrators,
  deletePlan: administrators,
  searchCoupons: operators,
  getCoupon: operators,
  listCouponRedemptions: operators,
  createCoupon: administrators,
  updateCoupon: administrators,
  registerApplication: administrators,
  listApplicationTemplates: operators,
  getOrganizationPlan: operators,
  givePlan: administrators,
  endPlan: administrators,
  listOrganizationQuotas: operators,
  setQuotaOverride: administrators,
  removeQuotaOverride: administrators,
  listGrants: operators,
  giveGrant: administrators,
  getOrganizationFeatures: operators,
  setOrganizationFeatures: administrators,
  searchModelPrices: operators,
  createModelPrice: administrators,
  listChannels: operators,
  getChannel: operators,
  createChannel: administrators,
  updateChannel: administrators,
  deleteChannel: administrators,
  listProviders: operators,
  getProvider: operators,
  updateProvider: administrators,
  searchPayments: operators,
  recordManualPayment: administrators,
  listUnapplied: operators,
  searchInvoices: operators,
  inspectInvoice: operators,
  inspectInvoicePdf: operators,
  createInvoice: administrators,
  updateInvoice: administrators,
  finalizeInvoice: administrators,
  discardInvoice: administrators,
  markInvoicePaid: administrators,
  voidInvoice: administrators,
  writeOffInvoice: administrators,
  searchSubscriptions: operators,
  inspectSubscription: operators,
  subscribeOrganization: administrators,
  endSubscription: administrators,
  searchQuotes: operators,
  inspectQuote: operators,
  inspectQuotePreview: operators,
  createQuote: administrators,
  updateQuote: administrators,
  sendQuote: administrators,
  withdrawQuote: administrators,
  listBillingRuns: operators,
  startBillingRun: administrators,
  movePlan: administrators,
  searchCreditNotes: operators,
  createCreditNote: administrators,
  searchFapiao: operators,
  inspectFapiao: operators,
  inspectFapiaoFile: operators,
  issueFapiao: administrators,
  sendFapiao: administrators,
  rejectFapiao: administrators,
  reverseFapiao: administrators,
  listTaxRates: operators,
  createTaxRate: administrators,
  updateTaxRate: administrators,
  inspectBillingDetails: operators,
  setBillingTerms: administrators,
  searchUsage: operators,
  searchMeterUsage: operators,
  searchQuotaViolations: operators,
  searchReceipts: operators,
  inspectReceipt: operators,
  searchAuditLogs: operators,
  getOverview: operators,
  getSettings: operators,
  updateSettings: administrators,
  getClock: operators,
  moveClock: administrators,
};
