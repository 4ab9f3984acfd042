import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AppFrame } from './shell/AppFrame';
import { lazyPage } from './shell/lazy-page';
import { NotFoundPage } from './shell/NotFoundPage';
import { PageSkeleton } from './ui/PageSkeleton';
import { RouteFault } from './shell/RouteFault';

/** Every page of the application. Each is a bundle of its own, loaded when first visited. */
const root = createRootRoute({ notFoundComponent: NotFoundPage });

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyPage(() => import('./features/signin/InvitePage'), 'InvitePage'),
});

/** Everything behind the sign-in; shows the sign-in page in place while nobody is signed in. */
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: AppFrame });

const dashboard = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyPage(() => import('./features/dashboard/DashboardPage'), 'DashboardPage'),
});

const signIn = createRoute({
  getParentRoute: () => frame,
  path: '/sign-in',
  component: lazyPage(() => import('./features/dashboard/DashboardPage'), 'DashboardPage'),
});

const patients = createRoute({
  getParentRoute: () => frame,
  path: '/patients',
  component: lazyPage(() => import('./features/patients/PatientsPage'), 'PatientsPage'),
});

const register = createRoute({
  getParentRoute: () => frame,
  path: '/patients/new',
  component: lazyPage(() => import('./features/patients/RegisterPage'), 'RegisterPage'),
});

export const patient = createRoute({
  getParentRoute: () => frame,
  path: '/patients/$patientId',
  component: lazyPage(() => import('./features/patients/PatientLayout'), 'PatientLayout'),
});

const summary = createRoute({
  getParentRoute: () => patient,
  path: '/',
  component: lazyPage(() => import('./features/patients/SummaryTab'), 'SummaryTab'),
});

const visits = createRoute({
  getParentRoute: () => patient,
  path: '/visits',
  component: lazyPage(() => import('./features/visits/VisitsTab'), 'VisitsTab'),
});

const newVisit = createRoute({
  getParentRoute: () => patient,
  path: '/visits/new',
  component: lazyPage(() => import('./features/visits/NewVisitPage'), 'NewVisitPage'),
});

const editVisit = createRoute({
  getParentRoute: () => patient,
  path: '/visits/$visitId',
  component: lazyPage(() => import('./features/visits/EditVisitPage'), 'EditVisitPage'),
});

const vitals = createRoute({
  getParentRoute: () => patient,
  path: '/vitals',
  component: lazyPage(() => import('./features/visits/VitalsTab'), 'VitalsTab'),
});

const treatments = createRoute({
  getParentRoute: () => patient,
  path: '/treatments',
  component: lazyPage(() => import('./features/treatments/TreatmentsTab'), 'TreatmentsTab'),
});

const details = createRoute({
  getParentRoute: () => patient,
  path: '/details',
  component: lazyPage(() => import('./features/patients/DetailsTab'), 'DetailsTab'),
});

const access = createRoute({
  getParentRoute: () => patient,
  path: '/access',
  component: lazyPage(() => import('./features/patients/AccessTab'), 'AccessTab'),
});

const stored = createRoute({
  getParentRoute: () => patient,
  path: '/stored',
  component: lazyPage(() => import('./features/patients/StoredTab'), 'StoredTab'),
});

const edit = createRoute({
  getParentRoute: () => patient,
  path: '/edit',
  component: lazyPage(() => import('./features/patients/EditPatientPage'), 'EditPatientPage'),
});

const findDuplicate = createRoute({
  getParentRoute: () => patient,
  path: '/merge',
  component: lazyPage(() => import('./features/merge/FindDuplicatePage'), 'FindDuplicatePage'),
});

const mergeRecords = createRoute({
  getParentRoute: () => patient,
  path: '/merge/$duplicateId',
  component: lazyPage(() => import('./features/merge/MergePage'), 'MergePage'),
});

const worklist = createRoute({
  getParentRoute: () => frame,
  path: '/treatments',
  component: lazyPage(() => import('./features/treatments/WorklistPage'), 'WorklistPage'),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  component: lazyPage(() => import('./features/audit/AuditPage'), 'AuditPage'),
});

const reviews = createRoute({
  getParentRoute: () => frame,
  path: '/reviews',
  component: lazyPage(() => import('./features/break-glass/ReviewPage'), 'ReviewPage'),
});

const snooping = createRoute({
  getParentRoute: () => frame,
  path: '/privacy',
  component: lazyPage(() => import('./features/snooping/SnoopingPage'), 'SnoopingPage'),
});

const emergency = createRoute({
  getParentRoute: () => frame,
  path: '/emergency',
  component: lazyPage(() => import('./features/break-glass/EmergencyPage'), 'EmergencyPage'),
});

const users = createRoute({
  getParentRoute: () => frame,
  path: '/users',
  component: lazyPage(() => import('./features/users/UsersPage'), 'UsersPage'),
});

const apiClients = createRoute({
  getParentRoute: () => frame,
  path: '/api-clients',
  component: lazyPage(() => import('./features/api-clients/ApiClientsPage'), 'ApiClientsPage'),
});

const keys = createRoute({
  getParentRoute: () => frame,
  path: '/keys',
  component: lazyPage(() => import('./features/keys/KeysPage'), 'KeysPage'),
});

const profile = createRoute({
  getParentRoute: () => frame,
  path: '/profile',
  component: lazyPage(() => import('./features/profile/ProfilePage'), 'ProfilePage'),
});

const record = patient.addChildren([
  summary,
  visits,
  newVisit,
  editVisit,
  vitals,
  treatments,
  details,
  access,
  stored,
  edit,
  findDuplicate,
  mergeRecords,
]);
const tree = root.addChildren([
  invite,
  frame.addChildren([
    dashboard,
    signIn,
    patients,
    register,
    record,
    worklist,
    audit,
    reviews,
    snooping,
    emergency,
    users,
    apiClients,
    keys,
    profile,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: false,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteFault,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
