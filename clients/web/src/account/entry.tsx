export { AccountPage as AccountRoute } from "./page";
import "../style/facts.css";
import "../style/account.css";
