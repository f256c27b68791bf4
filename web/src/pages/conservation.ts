import "../style/base.css";
import "../style/staff.css";
import "../style/sign-in.css";
import "../style/account.css";
import { applyLanguage } from "../text/text";
import "../ui/conservation-page";

applyLanguage();
