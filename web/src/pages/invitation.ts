import "../style/base.css";
import "../style/invitation.css";
import { applyLanguage } from "../text/text";
import "../ui/invitation-page";

applyLanguage();
