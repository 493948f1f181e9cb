/*! Parlance, Apache-2.0. Includes Lit, Copyright Google LLC, BSD-3-Clause: see THIRD-PARTY.txt */
var parlance_console=(function(e){Object.defineProperty(e,Symbol.toStringTag,{value:`Module`});var t=globalThis,n=t.ShadowRoot&&(t.ShadyCSS===void 0||t.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,r=Symbol(),i=new WeakMap,a=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==r)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(n&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=i.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&i.set(t,e))}return e}toString(){return this.cssText}},o=e=>new a(typeof e==`string`?e:e+``,void 0,r),s=(e,...t)=>new a(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,r),c=(e,r)=>{if(n)e.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of r){let r=document.createElement(`style`),i=t.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=n.cssText,e.appendChild(r)}},l=n?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return o(t)})(e):e,{is:u,defineProperty:d,getOwnPropertyDescriptor:ee,getOwnPropertyNames:te,getOwnPropertySymbols:ne,getPrototypeOf:re}=Object,f=globalThis,ie=f.trustedTypes,ae=ie?ie.emptyScript:``,oe=f.reactiveElementPolyfillSupport,p=(e,t)=>e,m={toAttribute(e,t){switch(t){case Boolean:e=e?ae:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},se=(e,t)=>!u(e,t),ce={attribute:!0,type:String,converter:m,reflect:!1,useDefault:!1,hasChanged:se};Symbol.metadata??=Symbol(`metadata`),f.litPropertyMetadata??=new WeakMap;var h=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ce){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&d(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=ee(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ce}static _$Ei(){if(this.hasOwnProperty(p(`elementProperties`)))return;let e=re(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(p(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(p(`properties`))){let e=this.properties,t=[...te(e),...ne(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(l(e))}else e!==void 0&&t.push(l(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return c(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?m:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?m:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??se)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};h.elementStyles=[],h.shadowRootOptions={mode:`open`},h[p(`elementProperties`)]=new Map,h[p(`finalized`)]=new Map,oe?.({ReactiveElement:h}),(f.reactiveElementVersions??=[]).push(`2.1.2`);var g=globalThis,le=e=>e,_=g.trustedTypes,ue=_?_.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,de=`$lit$`,v=`lit$${Math.random().toFixed(9).slice(2)}$`,fe=`?`+v,pe=`<${fe}>`,y=document,b=()=>y.createComment(``),x=e=>e===null||typeof e!=`object`&&typeof e!=`function`,S=Array.isArray,me=e=>S(e)||typeof e?.[Symbol.iterator]==`function`,C=`[ 	
\f\r]`,w=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,he=/-->/g,ge=/>/g,T=RegExp(`>|${C}(?:([^\\s"'>=/]+)(${C}*=${C}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),_e=/'/g,ve=/"/g,ye=/^(?:script|style|textarea|title)$/i,E=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),D=Symbol.for(`lit-noChange`),O=Symbol.for(`lit-nothing`),be=new WeakMap,k=y.createTreeWalker(y,129);function xe(e,t){if(!S(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return ue===void 0?t:ue.createHTML(t)}var Se=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=w;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===w?c[1]===`!--`?o=he:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=T):(ye.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=T):o=ge:o===T?c[0]===`>`?(o=i??w,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?T:c[3]===`"`?ve:_e):o===ve||o===_e?o=T:o===he||o===ge?o=w:(o=T,i=void 0);let d=o===T&&e[t+1].startsWith(`/>`)?` `:``;a+=o===w?n+pe:l>=0?(r.push(s),n.slice(0,l)+de+n.slice(l)+v+d):n+v+(l===-2?t:d)}return[xe(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},A=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Se(t,n);if(this.el=e.createElement(l,r),k.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=k.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(de)){let t=u[o++],n=i.getAttribute(e).split(v),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?we:r[1]===`?`?Te:r[1]===`@`?Ee:N}),i.removeAttribute(e)}else e.startsWith(v)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(ye.test(i.tagName)){let e=i.textContent.split(v),t=e.length-1;if(t>0){i.textContent=_?_.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],b()),k.nextNode(),c.push({type:2,index:++a});i.append(e[t],b())}}}else if(i.nodeType===8){if(i.data===fe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(v,e+1))!==-1;)c.push({type:7,index:a}),e+=v.length-1}}a++}}static createElement(e,t){let n=y.createElement(`template`);return n.innerHTML=e,n}};function j(e,t,n=e,r){if(t===D)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=x(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=j(e,i._$AS(e,t.values),i,r)),t}var Ce=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??y).importNode(t,!0);k.currentNode=r;let i=k.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new M(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new De(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=k.nextNode(),a++)}return k.currentNode=y,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},M=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=O,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=j(this,e,t),x(e)?e===O||e==null||e===``?(this._$AH!==O&&this._$AR(),this._$AH=O):e!==this._$AH&&e!==D&&this._(e):e._$litType$===void 0?e.nodeType===void 0?me(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==O&&x(this._$AH)?this._$AA.nextSibling.data=e:this.T(y.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=A.createElement(xe(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Ce(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=be.get(e.strings);return t===void 0&&be.set(e.strings,t=new A(e)),t}k(t){S(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(b()),this.O(b()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=le(e).nextSibling;le(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},N=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=O,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=O}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=j(this,e,t,0),a=!x(e)||e!==this._$AH&&e!==D,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=j(this,r[n+o],t,o),s===D&&(s=this._$AH[o]),a||=!x(s)||s!==this._$AH[o],s===O?e=O:e!==O&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===O?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},we=class extends N{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===O?void 0:e}},Te=class extends N{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==O)}},Ee=class extends N{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=j(this,e,t,0)??O)===D)return;let n=this._$AH,r=e===O&&n!==O||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==O&&(n===O||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},De=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){j(this,e)}},Oe=g.litHtmlPolyfillSupport;Oe?.(A,M),(g.litHtmlVersions??=[]).push(`3.3.3`);var ke=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new M(t.insertBefore(b(),e),e,void 0,n??{})}return i._$AI(e),i},P=globalThis,F=class extends h{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=ke(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return D}};F._$litElement$=!0,F.finalized=!0,P.litElementHydrateSupport?.({LitElement:F});var Ae=P.litElementPolyfillSupport;Ae?.({LitElement:F}),(P.litElementVersions??=[]).push(`4.2.2`);var je=/\d{16}/,Me=/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;function I(e){return JSON.parse(je.test(e)?e.replace(Me,e=>/^-?\d{16,}$/.test(e)&&!Number.isSafeInteger(Number(e))?`"${e}"`:e):e)}function L(e){return typeof e==`object`&&!!e&&!Array.isArray(e)}function Ne(e,t){let n=[...e];return n.length>t?`${n.slice(0,t-1).join(``)}…`:e}var Pe=class extends Error{constructor(e,t,n,r={}){super(n),this.status=e,this.code=t,this.errors=r}},Fe=class extends Error{constructor(){super(`The server cannot be reached. Check the connection and try again.`)}};function R(e,...t){return e.reduce((e,n,r)=>e+encodeURIComponent(t[r-1]??``)+n)}function Ie(e){let t=L(e)&&L(e.errors)?e.errors:{};return Object.fromEntries(Object.entries(t).map(([e,t])=>[e,String(t)]))}async function Le(e){let t=await e.text().catch(()=>``),n=null;try{n=I(t)}catch{}let r=L(n)?n:{},i=typeof r.detail==`string`?r.detail:r.title,a=typeof i==`string`?i:`The server answered ${e.status}.`;return new Pe(e.status,String(r.code??`unknown`),a,Ie(n))}var Re=6e4,ze=class{constructor(e,t){this.base=e,this.key=t}async open(e,t={}){let n={Authorization:`Bearer ${this.key}`,...t.headers},r={method:t.method??`GET`,headers:n,body:t.body??null,signal:t.signal??null,credentials:`omit`,cache:`no-store`},i;try{i=await fetch(this.base+e,r)}catch(e){throw t.signal?.aborted?e:new Fe}if(!i.ok)throw await Le(i);return i}async get(e,t){let n=AbortSignal.timeout(Re);try{return I(await(await this.open(e,{signal:t?AbortSignal.any([t,n]):n})).text())}catch(e){throw n.aborted?new Fe:e}}async send(e,t,n,r=`application/json`){let i=await(await this.post(e,t,n,r)).text();return i?I(i):null}post(e,t,n,r,i){let a={Accept:r,"Content-Type":`application/json`};return this.open(t,{method:e,headers:a,body:n===void 0?null:JSON.stringify(n),signal:i})}},z=s`
  .bar { display: flex; align-items: center; gap: 8px; padding: 8px 16px; background: var(--surface); border-bottom: 1px solid var(--line); }
  .bar h1 { font-size: 16px; margin: 0; flex: 1; }
  .page { max-width: 62rem; margin: 0 auto; padding: 20px 16px 60px; display: grid; gap: 20px; min-width: 0; }
  .page > * { min-width: 0; }
  .card h2 { margin: 0; font-size: 18px; overflow-wrap: anywhere; }
  .card h3 { margin: 0; font-size: 15px; }
  .card ul { margin: 0; padding: 0; list-style: none; }
  .documents { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  .documents li + li { border-top: 1px solid var(--line); }
  .documents button { width: 100%; display: flex; flex-wrap: wrap; gap: 2px 14px; justify-content: space-between; border: 0; border-radius: 0; text-align: left; padding: 10px 14px; }
  .documents button:focus-visible { outline-offset: -2px; }
  .documents [aria-current="true"] { background: var(--tint); }
  .documents span { overflow-wrap: anywhere; min-width: 0; }
  label { display: grid; gap: 5px; font-weight: 600; align-content: start; }
  label :is(input, select) { font-weight: 400; }
  a.main { display: inline-block; padding: 6px 14px; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
  label .muted { font-weight: 400; font-size: 14px; }
  progress { width: 100%; accent-color: var(--accent); }
  .pair { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
  .stack { display: grid; gap: 14px; }
  :is(.card, .stack) > [role="alert"]:not(:has(*)) { position: absolute; }
  .issue { padding: 9px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
  .issue:first-child { border-top: 0; }
  .severity { font-weight: 600; }
  .severity.error { color: var(--bad); }
  .severity.warning { color: var(--on-mark); }
  .operations { padding: 4px 0 8px 18px !important; overflow-wrap: anywhere; }
  .operations li { padding: 2px 0; }
  .inside { display: grid; gap: 8px; padding: 2px 0 10px 18px; min-width: 0; }
  .inside > button { justify-self: start; }
  .card h4 { margin: 0; font-size: 15px; font-weight: 600; }
  summary { overflow-wrap: anywhere; }
  .saved { color: var(--good); }
  .line { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; justify-content: space-between; padding: 6px 0; }
  .operations .line { padding: 1px 0; flex-wrap: wrap; }
  .what { flex: 1 1 12rem; min-width: 0; }
  .off .what { color: var(--muted); }
  .line .problem { flex: 1 0 100%; }
  .switch { display: flex; gap: 8px; align-items: center; font-weight: 400; font-size: 14px; min-height: 26px; cursor: pointer; color: var(--muted); }
  input[role="switch"] {
    appearance: none; display: grid; align-items: center; width: 36px; height: 20px; padding: 2px; border: 1px solid var(--strong-line); border-radius: 999px;
    background: var(--surface); cursor: pointer;
  }
  input[role="switch"]::before { content: ""; width: 14px; height: 14px; border-radius: 50%; background: var(--strong-line); }
  input[role="switch"]:checked { background: var(--accent); border-color: var(--accent); }
  input[role="switch"]:checked::before { background: var(--on-accent); justify-self: end; }
  @media (forced-colors: active) { input[role="switch"]::before { forced-color-adjust: none; background: CanvasText !important; } }
  input[type="file"] { width: 100%; padding: 16px; border: 1px dashed var(--strong-line); border-radius: 8px; font-weight: 400; }
`,B=s`
  :host {
    --surface: #ffffff;
    --ground: #f4f6f8;
    --sunken: #eef1f5;
    --text: #18202b;
    --muted: #556173;
    --line: #d5dbe3;
    --strong-line: #7c8899;
    --accent: var(--parlance-accent, #1d4f91);
    --on-accent: #ffffff;
    --tint: #e4edf8;
    --mark: #fff4d6;
    --on-mark: #6b4700;
    --mark-line: #c98a12;
    --bad: #a3231f;
    --bad-tint: #fdeceb;
    --good: #1b6b3a;
    --shade: rgb(24 32 43 / 0.22);
    color-scheme: light dark;
    color: var(--text);
    font: 15px/1.5 var(--parlance-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --surface: #1a212b;
      --ground: #12171e;
      --sunken: #232c38;
      --text: #e6ebf2;
      --muted: #a3afbf;
      --line: #303b49;
      --strong-line: #738197;
      --accent: var(--parlance-accent-dark, #8bb8f5);
      --on-accent: #0d1a2b;
      --tint: #1f3450;
      --mark: #3a2d0e;
      --on-mark: #f6d78d;
      --mark-line: #b98a2b;
      --bad: #ff9d97;
      --bad-tint: #3b1d1d;
      --good: #83d3a2;
      --shade: rgb(0 0 0 / 0.65);
    }
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
`,V=s`
  button, input, select, textarea { font: inherit; color: inherit; }
  button {
    min-height: 38px; padding: 6px 14px; border: 1px solid var(--strong-line); border-radius: 8px;
    background: var(--surface); cursor: pointer;
  }
  button:hover:not(:disabled) { background: var(--sunken); }
  button:disabled { opacity: 0.55; cursor: default; }
  button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
  button.main:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
  button.quiet { border-color: transparent; background: none; color: var(--muted); }
  button.quiet:hover:not(:disabled) { background: var(--sunken); color: var(--text); }
  button.small { min-height: 32px; padding: 3px 10px; font-size: 14px; }
  input:not([type="radio"], [type="checkbox"], [type="file"]), select, textarea {
    width: 100%; min-height: 40px; padding: 7px 11px; border: 1px solid var(--strong-line); border-radius: 8px; background: var(--surface);
  }
  textarea { resize: vertical; }
  ::placeholder { color: var(--muted); opacity: 1; }
  input[type="radio"], input[type="checkbox"] { width: 17px; height: 17px; margin: 0; flex: none; accent-color: var(--accent); }
  [aria-invalid="true"] { border-color: var(--bad) !important; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  a { color: var(--accent); }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .muted { color: var(--muted); }
  .problem { color: var(--bad); margin: 0; overflow-wrap: anywhere; }
  .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`,H=s`
  .card { border: 1px solid var(--line); border-radius: 12px; background: var(--surface); padding: 16px; display: grid; gap: 14px; }
  .card > * { min-width: 0; }
  .card h2 { margin: 0; font-size: 16px; line-height: 1.35; overflow-wrap: anywhere; }
  .card h2:focus { outline: none; }
  .card p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  summary { cursor: pointer; padding: 4px 0; color: var(--muted); }
  details pre { margin: 6px 0 0; padding: 10px 12px; border-radius: 8px; background: var(--sunken); max-height: 18rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
`,U={api_key:{label:`API key`,parts:[{name:`value`,label:`Key`,secret:!0}]},bearer:{label:`Bearer token`,parts:[{name:`token`,label:`Token`,secret:!0}]},basic:{label:`User name and password`,parts:[{name:`username`,label:`User name`},{name:`password`,label:`Password`,secret:!0}]},client_credentials:{label:`OAuth2 client credentials`,parts:[{name:`client_id`,label:`Client id`},{name:`client_secret`,label:`Client secret`,secret:!0},{name:`token_url`,label:`Token address`,optional:!0},{name:`scopes`,label:`Scopes, with spaces between`,optional:!0}]},none:{label:`None`,parts:[]}},Be=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{},api:{attribute:!1},known:{state:!0},kind:{state:!0},message:{state:!0},problem:{state:!0}}}constructor(){super(),this.newest=null,this.add=async e=>{e.preventDefault();let t=e.target,n=new FormData(t),r=String(n.get(`base_url`)??``).trim(),i={spec_id:this.spec,credential:this.credential(n),...r&&{base_url:r}};await this.change(`Added.`,async()=>{this.newest=(await this.api.send(`POST`,`/v1/connections`,i)).id}),this.problem||t.querySelectorAll(`input`).forEach(e=>e.value=``)},this.known=[],this.kind=`api_key`,this.message=this.problem=``}willUpdate(e){e.has(`spec`)&&(this.message=this.problem=``,this.load())}async load(){try{let{connections:e}=await this.api.get(`/v1/connections`);this.known=e.filter(e=>e.spec===this.spec);let t=this.known.find(e=>e.id===this.newest)??this.known[0];this.dispatchEvent(new CustomEvent(`connections`,{detail:t?.id??null}))}catch(e){this.problem=e.message}}render(){return E`<form class="card" autocomplete="off" @submit=${this.add}>
      <h3>Connections</h3>
      ${this.known.length?E`<ul>${this.known.map(e=>this.line(e))}</ul>`:E`<p class="muted">None yet: calls go out without signing in. Add a connection to sign in.</p>`}
      <div class="pair">
        <label>Sign in with
          <select name="type" @change=${e=>this.kind=e.target.value}>
            ${Object.entries(U).map(([e,t])=>E`<option value=${e} ?selected=${e===this.kind}>${t.label}</option>`)}
          </select>
        </label>
        ${U[this.kind].parts.map(e=>this.field(e))}
        <label>Base URL <input name="base_url" type="text" inputmode="url" spellcheck="false" autocomplete="off"><span class="muted">Only if this connection has its own.</span></label>
      </div>
      <p class="muted">What signs in is stored encrypted and is never shown again.</p>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      <div class="actions"><button class="main">Add connection</button><span class="saved" role="status">${this.message}</span></div>
    </form>`}field(e){return E`<label>${e.label}${e.optional?E` <span class="muted">Optional</span>`:O}
      <input name=${e.name} type=${e.secret?`password`:`text`} autocomplete=${e.secret?`new-password`:`off`} spellcheck="false" ?required=${!e.optional}>
    </label>`}line(e){let t=e.type,n=`${U[t]?.label??t}${e.base_url?`, ${e.base_url}`:``}`;return E`<li class="line"><span>${n} <span class="muted mono">${e.id}</span></span>
      <button type="button" class="small" aria-label=${`Remove ${n}`} @click=${()=>this.forget(e.id)}>Remove</button></li>`}credential(e){let t={type:this.kind};for(let n of U[this.kind].parts){let r=String(e.get(n.name)??``);r&&(t[n.name]=n.name===`scopes`?r.split(/\s+/).filter(Boolean):n.secret?r:r.trim())}return t}forget(e){return this.change(`Removed.`,()=>this.api.send(`DELETE`,R`/v1/connections/${e}`))}async change(e,t){this.message=this.problem=``;try{await t(),this.message=e}catch(e){this.problem=e.message;return}await this.load()}};customElements.define(`parlance-connections`,Be);var W=`parlance.`;function G(e){try{return sessionStorage.getItem(W+e)}catch{return null}}function K(e,t){try{t===null?sessionStorage.removeItem(W+e):sessionStorage.setItem(W+e,t)}catch{}}function Ve(){let e=new URLSearchParams(location.hash.slice(1));(e.has(`key`)||e.has(`spec`))&&(e.has(`key`)&&K(`key`,e.get(`key`)),e.has(`spec`)&&K(`connection`,e.get(`connection`)),e.has(`spec`)&&K(`spec`,e.get(`spec`)),history.replaceState(history.state,``,location.pathname+location.search))}function He(){return typeof document>`u`?null:document.currentScript??document.querySelector(`script[src$="/static/panel.js"], script[src*="/static/panel.js?"]`)}var Ue=He(),We=Ue?.src?new URL(Ue.src).origin:location.origin,Ge=200,Ke={"Content-Type":`application/octet-stream`};function qe(e,t){let n=e.get(t);return n instanceof File&&n.name?n:null}var Je=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{},api:{attribute:!1},sending:{state:!0},problem:{state:!0}}}constructor(){super(),this.send=async e=>{e.preventDefault();let t=e.target,n=new FormData(t),r=qe(n,`file`),i=qe(n,`overlay`);if(this.sending)return;let a=[r,i].find(e=>e&&!e.size);if(this.problem=r?a?`${a.name} is empty. Choose another file.`:``:`Choose a file first.`,!this.problem&&r){this.sending=!0;try{let{id:e}=await this.sent(r,i);t.reset(),this.dispatchEvent(new CustomEvent(`uploaded`,{detail:e}))}catch(e){this.problem=e.message}this.sending=!1}},this.spec=this.problem=``,this.sending=!1}focus(){this.renderRoot.querySelector(`input`)?.focus()}render(){let e=this.spec?`New version`:`OpenAPI document`;return E`<form class="stack" @submit=${this.send}>
      <label>${e} (JSON or YAML, also .gz) <input name="file" type="file" accept=".json,.yaml,.yml,.gz" required></label>
      <details><summary>With an overlay</summary>
        <label>Overlay (JSON or YAML) <input name="overlay" type="file" accept=".json,.yaml,.yml">
          <span class="muted">Changes that are applied when the document is read; the document itself stays as it is.</span></label>
      </details>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      <div class="actions"><button class="main" ?disabled=${this.sending}>${this.sending?`Uploading…`:this.spec?`Upload this version`:`Upload`}</button>
        <slot></slot></div>
    </form>`}async sent(e,t){let n=`${this.spec?R`/v1/specs/${this.spec}`:`/v1/specs`}?name=${encodeURIComponent(Ne(e.name,Ge))}`,r=new FormData;return r.append(`file`,e),t&&r.append(`overlay`,t),await(await this.api.open(n,{method:this.spec?`PUT`:`POST`,body:t?r:e,headers:t?{}:Ke})).json()}};customElements.define(`parlance-upload`,Je);var q={reading:`Being read`,ready:`Ready`,refused:`Refused`};function J(e,t,n=`${t}s`){return e===1?`1 ${t}`:`${e.toLocaleString()} ${n}`}function Y(e){return e.title||(e.state===`reading`?`New document`:e.id)}function X(e){return e.state===`reading`||e.replacement?.state===`reading`}function Ye(e){return[e.line?`line ${e.line}`:``,e.pointer??``].filter(Boolean).join(`, `)}var Xe=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{attribute:!1},api:{attribute:!1},asked:{state:!0}}}constructor(){super(),this.replace=async()=>{this.asked=this.asked?``:`replace`,await this.updateComplete;let e=this.renderRoot.querySelector(`parlance-upload`);await e?.updateComplete,e?.focus()},this.cancel=async()=>{this.asked=``,await this.updateComplete,this.renderRoot.querySelector(`.replace`)?.focus()},this.escaped=e=>{e.key===`Escape`&&this.cancel()},this.uploaded=e=>{this.asked=``,this.dispatchEvent(new CustomEvent(`uploaded`,{detail:e.detail}))},this.asked=``}willUpdate(e){let t=e.get(`spec`);t&&t.id!==this.spec.id&&(this.asked=``)}render(){let{spec:e}=this,t=[e.version&&`Version ${e.version}`,J(e.operations,`operation`),J(e.services.length,`service`),e.former?.length?J(e.former.length,`former version`):``,q[e.state]];return E`<section class="card" aria-labelledby="title">
      <h2 id="title">${Y(e)}</h2>
      <p class="muted">${t.filter(Boolean).join(` · `)}</p>
      ${e.state===`reading`?E`<progress max="1" .value=${e.progress} aria-label="Progress of reading"></progress>`:O}
      ${e.refused?this.refused(`This document cannot be used.`,e.refused):O}
      ${this.replacement()}
      <slot></slot>
      <div class="actions">${this.actions()}</div>
      ${this.asked===`replace`?E`<parlance-upload .spec=${e.id} .api=${this.api} @uploaded=${this.uploaded} @keydown=${this.escaped}><button type="button" class="quiet" @click=${this.cancel}>Cancel</button></parlance-upload>`:O}
    </section>`}actions(){return this.asked===`remove`?E`<button @click=${()=>this.dispatchEvent(new CustomEvent(`remove`))}>Yes, remove this document</button><button @click=${()=>this.asked=``}>Keep it</button>`:E`<button class="replace" aria-expanded=${this.asked===`replace`} @click=${this.replace}>Replace with a new version…</button>
      <button @click=${()=>this.asked=`remove`}>Remove…</button>`}replacement(){let e=this.spec.replacement;if(!e)return O;let t=e.name||`The new version`;return e.refused?this.refused(`${t} cannot be used; the version before stays in use.`,e.refused):E`<div><p class="muted">${t} is being read; the version before stays in use until then.</p>
      <progress max="1" .value=${e.progress} aria-label="Progress of reading the new version"></progress></div>`}refused(e,t){let n=t.line?`line ${t.line}`:``,r=t.message.includes(n)&&n?t.pointer??``:Ye(t);return E`<p class="problem"><strong>${e}</strong> ${t.message}${r?` (${r})`:``} <span class="mono">${t.code}</span></p>`}};customElements.define(`parlance-spec`,Xe);var Ze=50;function Qe({title:e,version:t,since:n}){return[e,t,n?`(${new Date(n).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})})`:``].filter(Boolean).join(` `)}var $e=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{attribute:!1},api:{attribute:!1},diff:{state:!0},from:{state:!0},problem:{state:!0},whole:{state:!0}}}constructor(){super(),this.shown=``,this.diff=null,this.from=this.problem=``,this.whole=new Set}willUpdate(e){let t=`${this.spec.id} ${this.spec.hash}`;e.has(`spec`)&&t!==this.shown&&(this.shown=t,this.load(this.spec.former?.[0]?.hash??``))}async load(e){let{shown:t}=this;this.from=e,this.diff=null,this.problem=``,this.whole=new Set;try{let n=await this.api.get(`${R`/v1/specs/${this.spec.id}/diff`}?from=${encodeURIComponent(e)}`);t===this.shown&&e===this.from&&(this.diff=n)}catch(n){t===this.shown&&e===this.from&&(this.problem=`The versions cannot be compared: ${n.message}`)}}render(){return E`<section class="card" aria-labelledby="diff" aria-busy=${!this.diff&&!this.problem}>
      <h3 id="diff">What changed</h3>
      <label>Since <select @change=${e=>this.load(e.target.value)}>
        ${(this.spec.former??[]).map(e=>E`<option value=${e.hash} ?selected=${e.hash===this.from}>${Qe(e)}</option>`)}
      </select></label>
      <p role="status">${this.diff?this.summary(this.diff):this.problem?O:`The versions are being compared…`}</p>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      ${this.diff?this.parts(this.diff):O}
    </section>`}summary(e){let t=[[e.added.length,`added`],[e.removed.length,`removed`],[e.changed.length,`changed`]].filter(([e])=>e).map(([e,t])=>`${e.toLocaleString()} ${t}`),n=!t.length&&!e.document.length;return E`${t.length?`Operations: ${t.join(`, `)}. `:``}${n?`Nothing that a caller could notice.`:e.breaking?E`<strong class="severity error">This breaks callers.</strong>`:E`<strong class="saved">Nothing breaks a caller.</strong>`}`}parts(e){let t=[...e.changed].sort((e,t)=>Number(t.breaking)-Number(e.breaking));return E`
      ${e.settings.length?E`<ul>${e.settings.map(e=>E`<li class="issue"><span class="severity warning">setting without effect</span> ${e.set.map(e=>e===`off`?`switched off`:e).join(`, `)} for <span class="mono">${e.operation}</span>: ${e.now?E`it is called <span class="mono">${e.now}</span> now.`:`there is no such operation any more.`}</li>`)}</ul>`:O}
      ${e.document.length?E`<ul>${e.document.map(e=>E`<li class="issue">${this.mark(e.breaking)} <span class="mono">${e.field}</span> ${e.message}</li>`)}</ul>`:O}
      ${this.list(`Removed`,e.removed,([e,t])=>E`<li class="mono"><strong>${e}</strong> ${t}</li>`,!0)}
      ${this.list(`Changed`,t,e=>this.changed(e),!1)}
      ${this.list(`Added`,e.added,([e,t])=>E`<li class="mono"><strong>${e}</strong> ${t}</li>`,!1)}`}list(e,t,n,r){if(!t.length)return O;let i=this.whole.has(e)?t:t.slice(0,Ze);return E`<div><h4>${e} <span class="muted">${J(t.length,`operation`)}</span> ${r?this.mark(!0):O}</h4>
      <ul class="operations">${i.map(n)}</ul>
      ${i.length<t.length?E`<button class="small" @click=${()=>this.whole=new Set([...this.whole,e])}>Show ${(t.length-i.length).toLocaleString()} more</button>`:O}</div>`}changed(e){return E`<li><details ?open=${e.breaking}>
      <summary><span class="mono"><strong>${e.method}</strong> ${e.path}</span> ${this.mark(e.breaking)}</summary>
      <ul>${e.changes.map(e=>E`<li class="issue">${this.mark(e.breaking)} <span class="mono">${e.field}</span> ${e.message}</li>`)}</ul>
    </details></li>`}mark(e){return e?E`<span class="severity error">breaking</span>`:O}};customElements.define(`parlance-diff`,$e);var Z=[[`error`,`error`],[`warning`,`warning`],[`info`,`remark`]];function et(e,t={}){let n=new Map;for(let t of e){let e=`${t.severity} ${t.code}`,r=n.get(e)??{severity:t.severity,code:t.code,count:0,why:t.why??``,problems:[]};r.problems.push(t),n.set(e,r)}let r=[...n.values()];for(let e of r)e.count=r.filter(t=>t.code===e.code).length===1&&Object.hasOwn(t,e.code)?Math.max(t[e.code],e.problems.length):e.problems.length;let i=e=>Z.findIndex(([t])=>t===e.severity);return r.sort((e,t)=>i(e)-i(t))}function tt(e,t){return e.filter(e=>e.severity===t).reduce((e,t)=>e+t.count,0)}function nt(e,t,n){let r=n.toLowerCase().split(/\s+/).filter(Boolean),i=new Map(t.map(e=>[`${e.method} ${e.path}`,e]));return e.services.map(({name:e,description:t,operations:n})=>{let a=n.map(([t,n])=>i.get(`${t} ${n}`)??{id:``,method:t,path:n,summary:``,service:e});return{name:e,description:t,operations:r.length?a.filter(t=>{let n=`${t.method} ${t.path} ${t.summary} ${t.id} ${e}`.toLowerCase();return r.every(e=>n.includes(e))}):a}}).filter(e=>e.operations.length)}var rt=Promise.resolve();function Q(e,t){return e.get(R`/v1/specs/${t}/settings`)}function it(e,t,n){let r=rt.catch(()=>void 0).then(async()=>{let r=n(await Q(e,t));return await e.send(`PUT`,R`/v1/specs/${t}/settings`,r),r});return rt=r,r}function $(e){return Array.isArray(e.off)?e.off.map(String):[]}var at=100,ot=200,st=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{attribute:!1},api:{attribute:!1},known:{state:!0},typed:{state:!0},whole:{state:!0},off:{state:!0},failed:{state:!0},announced:{state:!0}}}constructor(){super(),this.shown=``,this.known=[],this.typed=``,this.whole=new Set,this.off=null,this.failed=new Map,this.announced=``}willUpdate(e){let t=`${this.spec.id} ${this.spec.hash}`;e.has(`spec`)&&t!==this.shown&&(this.shown=t,this.known=[],this.typed=``,this.whole=new Set,this.off=null,this.failed=new Map,this.load(t))}async load(e){let[t,n]=await Promise.all([this.api.get(R`/v1/specs/${this.spec.id}/operations`).catch(()=>null),Q(this.api,this.spec.id).catch(()=>null)]);e===this.shown&&(t&&(this.known=t.operations),n&&(this.off=new Set($(n))))}async turn(e,t){let{id:n,method:r,path:i}=e,a=this.shown;this.mark(n,t,``);try{await it(this.api,this.spec.id,e=>({...e,off:[...$(e).filter(e=>e!==n),...t?[]:[n]]})),this.announced=`${r} ${i} is switched ${t?`on`:`off`}.`}catch(e){a===this.shown&&this.mark(n,!t,`It is still ${t?`off`:`on`}: ${e.message}`)}}mark(e,t,n){let r=new Set(this.off);t?r.delete(e):r.add(e),this.off=r,this.failed=new Map([...this.failed].filter(([t])=>t!==e).concat(n?[[e,n]]:[]))}render(){let e=nt(this.spec,this.known,this.typed),t=e.reduce((e,t)=>e+t.operations.length,0);return E`<section class="card" aria-labelledby="operations">
      <h3 id="operations">Operations</h3>
      ${this.off?E`<p class="muted">What is switched off is not offered in conversations.</p>`:O}
      <label>Find an operation <input type="search" autocomplete="off" spellcheck="false" .value=${this.typed} @input=${e=>this.typed=e.target.value}></label>
      <div><p class="muted" role="status">${this.typed.trim()?`${t.toLocaleString()} of ${J(this.spec.operations,`operation`)}`:``}</p>
      ${e.map(e=>this.service(e,this.typed.trim()!==``&&t<=ot))}</div>
      <div class="unseen" role="status">${this.announced}</div>
    </section>`}service(e,t){let{name:n,operations:r}=e,i=this.whole.has(n)?r:r.slice(0,at),a=r.filter(e=>this.off?.has(e.id)).length;return E`<details ?open=${t}>
      <summary>${n} <span class="muted">${J(r.length,`operation`)}${a?` · ${a.toLocaleString()} switched off`:``}</span></summary>
      ${e.description?E`<p class="muted">${e.description}</p>`:O}
      <ul class="operations">${i.map(e=>this.operation(e))}</ul>
      ${i.length<r.length?E`<button class="small" @click=${()=>this.whole=new Set([...this.whole,n])}>Show ${(r.length-i.length).toLocaleString()} more</button>`:O}
    </details>`}operation(e){let{id:t,method:n,path:r,summary:i}=e,a=this.off?.has(t)??!1,o=this.failed.get(t);return E`<li class=${a?`line off`:`line`}>
      <span class="what"><span class="mono"><strong>${n}</strong> ${r}</span>${i?E` <span>${i}</span>`:O}</span>
      ${this.off&&t?E`<label class="switch"><span aria-hidden="true">${a?`Off`:`On`}</span><input type="checkbox" role="switch" aria-label="Offer ${n} ${r}" .checked=${!a}
            @change=${t=>this.turn(e,t.target.checked)}></label>`:O}
      ${o?E`<p class="problem" role="alert">${o}</p>`:O}
    </li>`}};customElements.define(`parlance-operations`,st);function ct(e){let t=e.replaceAll(/([a-z0-9])([A-Z])/g,`$1 $2`).replaceAll(/[^\p{L}\p{N}]+/gu,` `).trim().toLowerCase();return t.charAt(0).toUpperCase()+t.slice(1)}function lt(e,t){let n=URL.createObjectURL(e);Object.assign(document.createElement(`a`),{href:n,download:t}).click(),setTimeout(()=>URL.revokeObjectURL(n),6e4)}var ut=20,dt=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{attribute:!1},api:{attribute:!1},report:{state:!0},loading:{state:!0},problem:{state:!0},whole:{state:!0}}}constructor(){super(),this.shown=``,this.download=async()=>{this.problem=``;try{lt(await(await this.api.open(R`/v1/specs/${this.spec.id}/overlay`)).blob(),`${Y(this.spec).replaceAll(/[^\p{L}\p{N}]+/gu,`-`)}-overlay.yaml`)}catch(e){this.problem=`The overlay cannot be downloaded: ${e.message}`}},this.report=null,this.loading=!1,this.problem=``,this.whole=new Set}willUpdate(e){let{id:t,hash:n,validated:r}=this.spec,i=`${t} ${n} ${r}`;e.has(`spec`)&&i!==this.shown&&(this.shown.startsWith(`${t} ${n} `)||(this.report=null),this.shown=i,this.load(i))}async load(e){this.loading=!0,this.problem=``;try{let t=await this.api.get(R`/v1/specs/${this.spec.id}/report`);e===this.shown&&(this.report=t)}catch(t){e===this.shown&&(this.problem=`The document was not looked through: ${t.message}`)}e===this.shown&&(this.loading=!1)}render(){let e=et(this.report?.problems??this.spec.problems,this.report?.counts),t=Z.map(([t,n])=>[t,tt(e,t),n]).filter(([,e])=>e);return E`<section class="card" aria-labelledby="report" aria-busy=${this.loading}>
      <h3 id="report">What to mend</h3>
      <p role="status">${this.loading&&!this.report?`The document is being looked through…`:t.length?t.map(([e,t,n],r)=>E`${r?` · `:``}<span class="severity ${e}">${J(t,n)}</span>`):`No problems were found in it.`}</p>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      ${e.length?E`<div>${e.map(e=>this.kind(e))}</div>`:O}
      ${this.report?E`${this.proposal(this.report)}${this.cost(this.report.tokens)}`:O}
    </section>`}kind(e){let t=`${e.severity} ${e.code}`,n=this.whole.has(t)?e.problems:e.problems.slice(0,ut);return E`<details ?open=${e.severity===`error`}>
      <summary><span class="severity ${e.severity}">${Z.find(([t])=>t===e.severity)?.[1]}</span> ${ct(e.code)} <span class="muted">${e.count>1?`(${e.count.toLocaleString()})`:``} <span class="mono">${e.code}</span></span></summary>
      <div class="inside">
        ${e.why?E`<p>${e.why}</p>`:O}
        <ul>${n.map(t=>this.found(t,e.why))}</ul>
        ${n.length<e.problems.length?E`<button class="small" @click=${()=>this.whole=new Set([...this.whole,t])}>Show ${(e.problems.length-n.length).toLocaleString()} more</button>`:O}
      </div>
    </details>`}found(e,t){return E`<li class="issue">${e.message}${e.fix?E` <em>${e.fix}</em>`:O}
      ${e.why&&e.why!==t?E`<br>${e.why}`:O}<br>
      <span class="muted mono">${e.line?`line ${e.line} · `:``}${e.pointer||`/`}</span></li>`}proposal(e){return e.proposed?E`<div class="actions"><button @click=${this.download}>Download the proposed overlay</button>
      <span class="muted">${J(e.proposed,`change`)} to look through and edit; upload it with the document to apply them.</span></div>`:O}cost(e){let t=e.operations??[];return E`<div><p>Shown to a model, all operations take <strong>${J(e.total,`token`)}</strong>, the largest ${e.largest.toLocaleString()}. <span class="muted">Only the few that fit what was said are shown in a turn.</span></p>
      ${t.length?E`<details><summary>The largest operations</summary>
            <ul class="operations">${t.map(e=>E`<li class="line"><span class="mono"><strong>${e.method}</strong> ${e.path}</span><span>${e.tokens.toLocaleString()}</span></li>`)}</ul></details>`:O}</div>`}};customElements.define(`parlance-report`,dt);var ft=[[`always`,`Every call`],[`changing`,`Every call that changes something`],[`destructive`,`Only calls that delete`],[`never`,`None: calls are sent without asking`]];function pt(e){return Array.isArray(e.hosts)?e.hosts.map(String):[]}var mt=class extends F{static{this.styles=[B,V,H,z]}static{this.properties={spec:{},api:{attribute:!1},settings:{state:!0},message:{state:!0},problem:{state:!0}}}constructor(){super(),this.save=async e=>{e.preventDefault();let t=new FormData(e.target),n=String(t.get(`hosts`)).split(/[\s,]+/).filter(Boolean),r={base_url:String(t.get(`base_url`)).trim()||null,approval:String(t.get(`approval`))};this.message=this.problem=``;try{this.settings=await it(this.api,this.spec,e=>({...e,...r,...(n.length||e.hosts)&&{hosts:n}})),this.message=`Saved.`}catch(e){this.problem=e.message}},this.settings=null,this.message=this.problem=``}willUpdate(e){e.has(`spec`)&&this.load()}async load(){this.settings=null,this.message=this.problem=``;try{this.settings=await Q(this.api,this.spec)}catch(e){this.problem=e.message}}render(){return E`<form class="card" @submit=${this.save}>
      <h3>Settings</h3>
      ${this.settings?this.fields(this.settings):O}
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      <div class="actions"><button class="main" ?disabled=${!this.settings}>Save settings</button><span class="saved" role="status">${this.message}</span></div>
    </form>`}fields(e){return E`<div class="pair">
      <label>Base URL <input name="base_url" type="text" inputmode="url" autocomplete="off" spellcheck="false" .value=${e.base_url??``}
        placeholder="https://api.example.com"><span class="muted">Empty: the server the document names.</span></label>
      <label>Private hosts <input name="hosts" type="text" autocomplete="off" spellcheck="false" .value=${pt(e).join(` `)} placeholder="localhost 10.0.0.7">
        <span class="muted">In your own network and to be called, with spaces between.</span></label>
      <label>What needs a yes
        <select name="approval">${ft.map(([t,n])=>E`<option value=${t} ?selected=${t===e.approval}>${n}</option>`)}</select>
      </label>
    </div>`}};customElements.define(`parlance-settings`,mt);var ht=700,gt=4e3,_t=30,vt=class extends F{static{this.styles=[B,V,H,z,s`
      :host { position: fixed; inset: 0; overflow-y: auto; background: var(--ground); }
    `]}static{this.properties={specs:{state:!0},chosen:{state:!0},connection:{state:!0},problem:{state:!0},announced:{state:!0}}}constructor(){super(),this.looks=0,this.begin=()=>{Ve(),this.chosen=G(`spec`),G(`key`)&&this.load(),this.requestUpdate()},this.enter=e=>{e.preventDefault(),K(`key`,String(new FormData(e.target).get(`key`)).trim()),this.problem=``,this.begin()},this.leave=()=>{K(`key`,null),this.specs=[],this.requestUpdate()},this.uploaded=async({detail:e})=>{try{let t=await this.api.get(R`/v1/specs/${e}`),n=this.specs.some(t=>t.id===e);this.specs=n?this.specs.map(n=>n.id===e?t:n):[t,...this.specs],this.problem=``,this.choose(e)}catch(e){this.problem=e.message}},this.specs=[],this.chosen=this.connection=null,this.problem=this.announced=``}connectedCallback(){super.connectedCallback(),window.addEventListener(`hashchange`,this.begin),this.begin()}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`hashchange`,this.begin),clearTimeout(this.timer)}get api(){return new ze(We,G(`key`)??``)}async load(){try{this.specs=(await this.api.get(`/v1/specs`)).specs,this.problem=``}catch(e){this.problem=e.message,e instanceof Pe&&e.status===401&&K(`key`,null)}this.spec||(this.chosen=this.specs[0]?.id??null),this.watch()}watch(){if(clearTimeout(this.timer),this.specs.some(X))this.timer=setTimeout(()=>void this.look(this.specs.filter(X)),ht);else if(this.spec?.state===`ready`&&this.spec.validated===!1&&this.looks++<_t){let{spec:e}=this;this.timer=setTimeout(()=>void this.look([e]),gt)}}async look(e){try{let t=await Promise.all(e.map(e=>this.api.get(R`/v1/specs/${e.id}`)));this.specs=this.specs.map(e=>t.find(t=>t.id===e.id)??e);let n=t.filter((t,n)=>X(e[n])&&!X(t));n.length&&(this.announced=n.map(e=>`${Y(e)}: ${e.replacement?`the new version was refused`:q[e.state]}.`).join(` `))}catch(e){this.problem=e.message}this.watch()}get spec(){return this.specs.find(e=>e.id===this.chosen)}get chat(){let{spec:e}=this;return e?.state===`ready`?`/#${new URLSearchParams({spec:e.id,...this.connection&&{connection:this.connection}})}`:`/`}render(){return E`<header class="bar"><h1>Console</h1>
        ${G(`key`)?E`<button class="quiet small" @click=${this.leave}>Use another key</button>`:O}<a href=${this.chat}>Chat</a></header>
      <main class="page">
        ${G(`key`)?E`${this.upload()}${this.documents()}${this.detail()}`:this.entry()}
      </main>
      <div class="unseen" aria-live="polite">${this.announced}</div>`}entry(){return E`<form class="card" @submit=${this.enter}>
      <h2>Open the console</h2>
      <label>API key <input name="key" type="password" autocomplete="off" required></label>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      <div class="actions"><button class="main">Continue</button></div>
    </form>`}upload(){return E`<section class="card" aria-labelledby="upload">
      <h2 id="upload">Upload a document</h2>
      <div role="alert">${this.problem?E`<p class="problem">${this.problem}</p>`:O}</div>
      <parlance-upload .api=${this.api} @uploaded=${this.uploaded}></parlance-upload>
    </section>`}choose(e){this.chosen=e,this.looks=0,this.watch()}documents(){return this.specs.length?E`<section class="card" aria-labelledby="documents">
      <h2 id="documents">Documents</h2>
      <ul class="documents">${this.specs.map(e=>E`<li>
        <button aria-current=${e.id===this.chosen} @click=${()=>this.choose(e.id)}>
          <span><strong>${Y(e)}</strong> ${e.version??``}</span>
          <span class="muted">${q[e.state]}${e.state===`ready`?` · ${J(e.operations,`operation`)}`:``}</span>
        </button></li>`)}</ul>
    </section>`:O}detail(){let{spec:e}=this;return e?E`<parlance-spec .spec=${e} .api=${this.api} @uploaded=${this.uploaded} @remove=${()=>this.discard(e.id)}>${e.state===`ready`?E`<p><a class="main" href=${this.chat}>Try it in the chat</a></p>`:O}</parlance-spec>
      ${e.state===`ready`?E`${e.former?.length?E`<parlance-diff .spec=${e} .api=${this.api}></parlance-diff>`:O}
            <parlance-report .spec=${e} .api=${this.api}></parlance-report>
            <parlance-operations .spec=${e} .api=${this.api}></parlance-operations>
            <parlance-settings .spec=${e.id} .api=${this.api}></parlance-settings>
            <parlance-connections .spec=${e.id} .api=${this.api} @connections=${e=>this.connection=e.detail}></parlance-connections>`:O}`:O}async discard(e){try{await this.api.send(`DELETE`,R`/v1/specs/${e}`),this.specs=this.specs.filter(t=>t.id!==e),this.chosen=this.specs[0]?.id??null,this.announced=`Removed.`}catch(e){this.problem=e.message}}};return customElements.define(`parlance-console`,vt),e.Console=vt,e})({});