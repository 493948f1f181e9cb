/*! Parlance, Apache-2.0. Includes Lit, Copyright Google LLC, BSD-3-Clause: see THIRD-PARTY.txt */
var parlance_console=(function(e){Object.defineProperty(e,Symbol.toStringTag,{value:`Module`});var t=globalThis,n=t.ShadowRoot&&(t.ShadyCSS===void 0||t.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,r=Symbol(),i=new WeakMap,a=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==r)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(n&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=i.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&i.set(t,e))}return e}toString(){return this.cssText}},o=e=>new a(typeof e==`string`?e:e+``,void 0,r),s=(e,...t)=>new a(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,r),c=(e,r)=>{if(n)e.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of r){let r=document.createElement(`style`),i=t.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=n.cssText,e.appendChild(r)}},l=n?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return o(t)})(e):e,{is:u,defineProperty:d,getOwnPropertyDescriptor:ee,getOwnPropertyNames:te,getOwnPropertySymbols:ne,getPrototypeOf:re}=Object,f=globalThis,ie=f.trustedTypes,ae=ie?ie.emptyScript:``,oe=f.reactiveElementPolyfillSupport,p=(e,t)=>e,m={toAttribute(e,t){switch(t){case Boolean:e=e?ae:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},se=(e,t)=>!u(e,t),ce={attribute:!0,type:String,converter:m,reflect:!1,useDefault:!1,hasChanged:se};Symbol.metadata??=Symbol(`metadata`),f.litPropertyMetadata??=new WeakMap;var h=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ce){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&d(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=ee(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ce}static _$Ei(){if(this.hasOwnProperty(p(`elementProperties`)))return;let e=re(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(p(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(p(`properties`))){let e=this.properties,t=[...te(e),...ne(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(l(e))}else e!==void 0&&t.push(l(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return c(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?m:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?m:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??se)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};h.elementStyles=[],h.shadowRootOptions={mode:`open`},h[p(`elementProperties`)]=new Map,h[p(`finalized`)]=new Map,oe?.({ReactiveElement:h}),(f.reactiveElementVersions??=[]).push(`2.1.2`);var g=globalThis,_=e=>e,v=g.trustedTypes,le=v?v.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,ue=`$lit$`,y=`lit$${Math.random().toFixed(9).slice(2)}$`,de=`?`+y,fe=`<${de}>`,b=document,x=()=>b.createComment(``),S=e=>e===null||typeof e!=`object`&&typeof e!=`function`,C=Array.isArray,pe=e=>C(e)||typeof e?.[Symbol.iterator]==`function`,w=`[ 	
\f\r]`,T=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,E=/-->/g,D=/>/g,O=RegExp(`>|${w}(?:([^\\s"'>=/]+)(${w}*=${w}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),me=/'/g,he=/"/g,ge=/^(?:script|style|textarea|title)$/i,k=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),A=Symbol.for(`lit-noChange`),j=Symbol.for(`lit-nothing`),_e=new WeakMap,M=b.createTreeWalker(b,129);function ve(e,t){if(!C(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return le===void 0?t:le.createHTML(t)}var ye=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=T;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===T?c[1]===`!--`?o=E:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=O):(ge.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=O):o=D:o===O?c[0]===`>`?(o=i??T,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?O:c[3]===`"`?he:me):o===he||o===me?o=O:o===E||o===D?o=T:(o=O,i=void 0);let d=o===O&&e[t+1].startsWith(`/>`)?` `:``;a+=o===T?n+fe:l>=0?(r.push(s),n.slice(0,l)+ue+n.slice(l)+y+d):n+y+(l===-2?t:d)}return[ve(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},N=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=ye(t,n);if(this.el=e.createElement(l,r),M.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=M.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(ue)){let t=u[o++],n=i.getAttribute(e).split(y),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?xe:r[1]===`?`?Se:r[1]===`@`?Ce:I}),i.removeAttribute(e)}else e.startsWith(y)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(ge.test(i.tagName)){let e=i.textContent.split(y),t=e.length-1;if(t>0){i.textContent=v?v.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],x()),M.nextNode(),c.push({type:2,index:++a});i.append(e[t],x())}}}else if(i.nodeType===8){if(i.data===de)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(y,e+1))!==-1;)c.push({type:7,index:a}),e+=y.length-1}}a++}}static createElement(e,t){let n=b.createElement(`template`);return n.innerHTML=e,n}};function P(e,t,n=e,r){if(t===A)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=S(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=P(e,i._$AS(e,t.values),i,r)),t}var be=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??b).importNode(t,!0);M.currentNode=r;let i=M.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new F(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new we(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=M.nextNode(),a++)}return M.currentNode=b,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},F=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=j,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=P(this,e,t),S(e)?e===j||e==null||e===``?(this._$AH!==j&&this._$AR(),this._$AH=j):e!==this._$AH&&e!==A&&this._(e):e._$litType$===void 0?e.nodeType===void 0?pe(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==j&&S(this._$AH)?this._$AA.nextSibling.data=e:this.T(b.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=N.createElement(ve(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new be(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=_e.get(e.strings);return t===void 0&&_e.set(e.strings,t=new N(e)),t}k(t){C(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(x()),this.O(x()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=_(e).nextSibling;_(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},I=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=j,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=j}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=P(this,e,t,0),a=!S(e)||e!==this._$AH&&e!==A,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=P(this,r[n+o],t,o),s===A&&(s=this._$AH[o]),a||=!S(s)||s!==this._$AH[o],s===j?e=j:e!==j&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===j?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},xe=class extends I{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===j?void 0:e}},Se=class extends I{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==j)}},Ce=class extends I{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=P(this,e,t,0)??j)===A)return;let n=this._$AH,r=e===j&&n!==j||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==j&&(n===j||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},we=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){P(this,e)}},Te=g.litHtmlPolyfillSupport;Te?.(N,F),(g.litHtmlVersions??=[]).push(`3.3.3`);var Ee=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new F(t.insertBefore(x(),e),e,void 0,n??{})}return i._$AI(e),i},L=globalThis,R=class extends h{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ee(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return A}};R._$litElement$=!0,R.finalized=!0,L.litElementHydrateSupport?.({LitElement:R});var De=L.litElementPolyfillSupport;De?.({LitElement:R}),(L.litElementVersions??=[]).push(`4.2.2`);var Oe=/\d{16}/,ke=/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;function z(e){return JSON.parse(Oe.test(e)?e.replace(ke,e=>/^-?\d{16,}$/.test(e)&&!Number.isSafeInteger(Number(e))?`"${e}"`:e):e)}function B(e){return typeof e==`object`&&!!e&&!Array.isArray(e)}function Ae(e,t){let n=[...e];return n.length>t?`${n.slice(0,t-1).join(``)}…`:e}var je=class extends Error{constructor(e,t,n,r={}){super(n),this.status=e,this.code=t,this.errors=r}},Me=class extends Error{constructor(){super(`The server cannot be reached. Check the connection and try again.`)}};function V(e,...t){return e.reduce((e,n,r)=>e+encodeURIComponent(t[r-1]??``)+n)}function Ne(e){let t=B(e)&&B(e.errors)?e.errors:{};return Object.fromEntries(Object.entries(t).map(([e,t])=>[e,String(t)]))}async function Pe(e){let t=await e.text().catch(()=>``),n=null;try{n=z(t)}catch{}let r=B(n)?n:{},i=typeof r.detail==`string`?r.detail:r.title,a=typeof i==`string`?i:`The server answered ${e.status}.`;return new je(e.status,String(r.code??`unknown`),a,Ne(n))}var Fe=6e4,Ie=class{constructor(e,t){this.base=e,this.key=t}async open(e,t={}){let n={Authorization:`Bearer ${this.key}`,...t.headers},r={method:t.method??`GET`,headers:n,body:t.body??null,signal:t.signal??null,credentials:`omit`,cache:`no-store`},i;try{i=await fetch(this.base+e,r)}catch(e){throw t.signal?.aborted?e:new Me}if(!i.ok)throw await Pe(i);return i}async get(e,t){let n=AbortSignal.timeout(Fe);try{return z(await(await this.open(e,{signal:t?AbortSignal.any([t,n]):n})).text())}catch(e){throw n.aborted?new Me:e}}async send(e,t,n,r=`application/json`){let i=await(await this.post(e,t,n,r)).text();return i?z(i):null}post(e,t,n,r,i){let a={Accept:r,"Content-Type":`application/json`};return this.open(t,{method:e,headers:a,body:n===void 0?null:JSON.stringify(n),signal:i})}},H=s`
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
  .issue { padding: 9px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
  .issue:first-child { border-top: 0; }
  .severity { font-weight: 600; }
  .severity.error { color: var(--bad); }
  .severity.warning { color: var(--on-mark); }
  .operations { padding: 4px 0 8px 18px !important; overflow-wrap: anywhere; }
  .saved { color: var(--good); }
  .line { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; justify-content: space-between; padding: 6px 0; }
  input[type="file"] { width: 100%; padding: 16px; border: 1px dashed var(--strong-line); border-radius: 8px; font-weight: 400; }
`,U=s`
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
`,W=s`
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
`,G=s`
  .card { border: 1px solid var(--line); border-radius: 12px; background: var(--surface); padding: 16px; display: grid; gap: 14px; }
  .card > * { min-width: 0; }
  .card h2 { margin: 0; font-size: 16px; line-height: 1.35; overflow-wrap: anywhere; }
  .card h2:focus { outline: none; }
  .card p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  summary { cursor: pointer; padding: 4px 0; color: var(--muted); }
  details pre { margin: 6px 0 0; padding: 10px 12px; border-radius: 8px; background: var(--sunken); max-height: 18rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
`,K={api_key:{label:`API key`,parts:[{name:`value`,label:`Key`,secret:!0}]},bearer:{label:`Bearer token`,parts:[{name:`token`,label:`Token`,secret:!0}]},basic:{label:`User name and password`,parts:[{name:`username`,label:`User name`},{name:`password`,label:`Password`,secret:!0}]},client_credentials:{label:`OAuth2 client credentials`,parts:[{name:`client_id`,label:`Client id`},{name:`client_secret`,label:`Client secret`,secret:!0},{name:`token_url`,label:`Token address`,optional:!0},{name:`scopes`,label:`Scopes, with spaces between`,optional:!0}]},none:{label:`None`,parts:[]}},Le=class extends R{static{this.styles=[U,W,G,H]}static{this.properties={spec:{},api:{attribute:!1},known:{state:!0},kind:{state:!0},message:{state:!0},problem:{state:!0}}}constructor(){super(),this.newest=null,this.add=async e=>{e.preventDefault();let t=e.target,n=new FormData(t),r=String(n.get(`base_url`)??``).trim(),i={spec_id:this.spec,credential:this.credential(n),...r&&{base_url:r}};await this.change(`Added.`,async()=>{this.newest=(await this.api.send(`POST`,`/v1/connections`,i)).id}),this.problem||t.querySelectorAll(`input`).forEach(e=>e.value=``)},this.known=[],this.kind=`api_key`,this.message=this.problem=``}willUpdate(e){e.has(`spec`)&&(this.message=this.problem=``,this.load())}async load(){try{let{connections:e}=await this.api.get(`/v1/connections`);this.known=e.filter(e=>e.spec===this.spec);let t=this.known.find(e=>e.id===this.newest)??this.known[0];this.dispatchEvent(new CustomEvent(`connections`,{detail:t?.id??null}))}catch(e){this.problem=e.message}}render(){return k`<form class="card" autocomplete="off" @submit=${this.add}>
      <h3>Connections</h3>
      ${this.known.length?k`<ul>${this.known.map(e=>this.line(e))}</ul>`:k`<p class="muted">None yet: calls go out without signing in. Add a connection to sign in.</p>`}
      <div class="pair">
        <label>Sign in with
          <select name="type" @change=${e=>this.kind=e.target.value}>
            ${Object.entries(K).map(([e,t])=>k`<option value=${e} ?selected=${e===this.kind}>${t.label}</option>`)}
          </select>
        </label>
        ${K[this.kind].parts.map(e=>this.field(e))}
        <label>Base URL <input name="base_url" type="text" inputmode="url" spellcheck="false" autocomplete="off"><span class="muted">Only if this connection has its own.</span></label>
      </div>
      <p class="muted">What signs in is stored encrypted and is never shown again.</p>
      <div role="alert">${this.problem?k`<p class="problem">${this.problem}</p>`:j}</div>
      <div class="actions"><button class="main">Add connection</button><span class="saved" role="status">${this.message}</span></div>
    </form>`}field(e){return k`<label>${e.label}${e.optional?k` <span class="muted">Optional</span>`:j}
      <input name=${e.name} type=${e.secret?`password`:`text`} autocomplete=${e.secret?`new-password`:`off`} spellcheck="false" ?required=${!e.optional}>
    </label>`}line(e){let t=e.type,n=`${K[t]?.label??t}${e.base_url?`, ${e.base_url}`:``}`;return k`<li class="line"><span>${n} <span class="muted mono">${e.id}</span></span>
      <button type="button" class="small" aria-label=${`Remove ${n}`} @click=${()=>this.forget(e.id)}>Remove</button></li>`}credential(e){let t={type:this.kind};for(let n of K[this.kind].parts){let r=String(e.get(n.name)??``);r&&(t[n.name]=n.name===`scopes`?r.split(/\s+/).filter(Boolean):n.secret?r:r.trim())}return t}forget(e){return this.change(`Removed.`,()=>this.api.send(`DELETE`,V`/v1/connections/${e}`))}async change(e,t){this.message=this.problem=``;try{await t(),this.message=e}catch(e){this.problem=e.message;return}await this.load()}};customElements.define(`parlance-connections`,Le);var q=`parlance.`;function J(e){try{return sessionStorage.getItem(q+e)}catch{return null}}function Y(e,t){try{t===null?sessionStorage.removeItem(q+e):sessionStorage.setItem(q+e,t)}catch{}}function Re(){let e=new URLSearchParams(location.hash.slice(1));(e.has(`key`)||e.has(`spec`))&&(e.has(`key`)&&Y(`key`,e.get(`key`)),e.has(`spec`)&&Y(`connection`,e.get(`connection`)),e.has(`spec`)&&Y(`spec`,e.get(`spec`)),history.replaceState(history.state,``,location.pathname+location.search))}function ze(){return typeof document>`u`?null:document.currentScript??document.querySelector(`script[src$="/static/panel.js"], script[src*="/static/panel.js?"]`)}var Be=ze(),Ve=Be?.src?new URL(Be.src).origin:location.origin,X={reading:`Being read`,ready:`Ready`,refused:`Refused`};function Z(e,t,n=`${t}s`){return e===1?`1 ${t}`:`${e.toLocaleString()} ${n}`}function Q(e){return e.title||(e.state===`reading`?`New document`:e.id)}var $=100,He=class extends R{static{this.styles=[U,W,G,H]}static{this.properties={spec:{attribute:!1},sure:{state:!0}}}constructor(){super(),this.sure=!1}render(){let{spec:e}=this;return k`<section class="card" aria-labelledby="title">
      <h2 id="title">${Q(e)}</h2>
      <p class="muted">${[e.version&&`Version ${e.version}`,Z(e.operations,`operation`),Z(e.services.length,`service`),X[e.state]].filter(Boolean).join(` · `)}</p>
      ${e.state===`reading`?k`<progress max="1" .value=${e.progress} aria-label="Progress of reading"></progress>`:j}
      ${e.refused?this.refused(e.refused):j}
      <slot></slot>
      ${e.services.length?k`<h3>Services</h3><div>${e.services.map(e=>this.service(e))}</div>`:j}
      ${e.state===`ready`?this.problems(e.problems):j}
      <div class="actions">
        ${this.sure?k`<button @click=${()=>this.dispatchEvent(new CustomEvent(`remove`))}>Yes, remove this document</button><button @click=${()=>this.sure=!1}>Keep it</button>`:k`<button @click=${()=>this.sure=!0}>Remove…</button>`}
      </div>
    </section>`}refused(e){let t=e.line?`line ${e.line}`:``,n=[e.message.includes(t)?``:t,e.pointer??``].filter(Boolean).join(`, `);return k`<p class="problem"><strong>This document cannot be used.</strong> ${e.message}${n?` (${n})`:``} <span class="mono">${e.code}</span></p>`}service(e){return k`<details>
      <summary>${e.name} <span class="muted">${Z(e.operations.length,`operation`)}</span></summary>
      ${e.description?k`<p class="muted">${e.description}</p>`:j}
      <ul class="operations mono">${e.operations.map(([e,t])=>k`<li><strong>${e}</strong> ${t}</li>`)}</ul>
    </details>`}problems(e){return e.length?k`<h3>Problems <span class="muted">(${e.length})</span></h3>
      <ul>${e.slice(0,$).map(e=>this.problem(e))}</ul>
      ${e.length>$?k`<p class="muted">The first ${$} are shown.</p>`:j}`:k`<p class="muted">No problems were found in it.</p>`}problem(e){return k`<li class="issue">
      <span class="severity ${e.severity}">${e.severity}</span> ${e.message}${e.fix?k` <em>${e.fix}</em>`:j}<br>
      <span class="muted mono">${e.line?`line ${e.line} · `:``}${e.pointer||`/`} · ${e.code}</span>
    </li>`}};customElements.define(`parlance-spec`,He);var Ue=[[`always`,`Every call`],[`changing`,`Every call that changes something`],[`destructive`,`Only calls that delete`],[`never`,`None: calls are sent without asking`]];function We(e){return Array.isArray(e.hosts)?e.hosts.map(String):[]}var Ge=class extends R{static{this.styles=[U,W,G,H]}static{this.properties={spec:{},api:{attribute:!1},settings:{state:!0},message:{state:!0},problem:{state:!0}}}constructor(){super(),this.save=async e=>{e.preventDefault();let t=new FormData(e.target),n=String(t.get(`hosts`)).split(/[\s,]+/).filter(Boolean),r=String(t.get(`base_url`)).trim()||null,i={...this.settings,base_url:r,approval:String(t.get(`approval`)),...(n.length||this.settings?.hosts)&&{hosts:n}};this.message=this.problem=``;try{await this.api.send(`PUT`,V`/v1/specs/${this.spec}/settings`,i),this.settings=i,this.message=`Saved.`}catch(e){this.problem=e.message}},this.settings=null,this.message=this.problem=``}willUpdate(e){e.has(`spec`)&&this.load()}async load(){this.settings=null,this.message=this.problem=``;try{this.settings=await this.api.get(V`/v1/specs/${this.spec}/settings`)}catch(e){this.problem=e.message}}render(){return k`<form class="card" @submit=${this.save}>
      <h3>Settings</h3>
      ${this.settings?this.fields(this.settings):j}
      <div role="alert">${this.problem?k`<p class="problem">${this.problem}</p>`:j}</div>
      <div class="actions"><button class="main" ?disabled=${!this.settings}>Save settings</button><span class="saved" role="status">${this.message}</span></div>
    </form>`}fields(e){return k`<div class="pair">
      <label>Base URL <input name="base_url" type="text" inputmode="url" autocomplete="off" spellcheck="false" .value=${e.base_url??``}
        placeholder="https://api.example.com"><span class="muted">Empty: the server the document names.</span></label>
      <label>Private hosts <input name="hosts" type="text" autocomplete="off" spellcheck="false" .value=${We(e).join(` `)} placeholder="localhost 10.0.0.7">
        <span class="muted">In your own network and to be called, with spaces between.</span></label>
      <label>What needs a yes
        <select name="approval">${Ue.map(([t,n])=>k`<option value=${t} ?selected=${t===e.approval}>${n}</option>`)}</select>
      </label>
    </div>`}};customElements.define(`parlance-settings`,Ge);var Ke=200,qe=700,Je=class extends R{static{this.styles=[U,W,G,H,s`
      :host { position: fixed; inset: 0; overflow-y: auto; background: var(--ground); }
    `]}static{this.properties={specs:{state:!0},chosen:{state:!0},connection:{state:!0},uploading:{state:!0},problem:{state:!0},announced:{state:!0}}}constructor(){super(),this.begin=()=>{Re(),this.chosen=J(`spec`),J(`key`)&&this.load(),this.requestUpdate()},this.enter=e=>{e.preventDefault(),Y(`key`,String(new FormData(e.target).get(`key`)).trim()),this.problem=``,this.begin()},this.leave=()=>{Y(`key`,null),this.specs=[],this.requestUpdate()},this.send=async e=>{e.preventDefault();let t=e.target,n=new FormData(t).get(`file`);if(n instanceof File&&!this.uploading&&(this.problem=n.size?``:n.name?`${n.name} is empty. Choose another file.`:`Choose a file first.`,!this.problem)){this.uploading=!0;try{let{id:e}=await(await this.api.open(`/v1/specs?name=${encodeURIComponent(Ae(n.name,Ke))}`,{method:`POST`,body:n,headers:{"Content-Type":`application/octet-stream`}})).json();t.reset();let r=await this.api.get(V`/v1/specs/${e}`);this.specs=[r,...this.specs.filter(t=>t.id!==e)],this.chosen=e,this.watch()}catch(e){this.problem=e.message}this.uploading=!1}},this.specs=[],this.chosen=this.connection=null,this.uploading=!1,this.problem=this.announced=``}connectedCallback(){super.connectedCallback(),window.addEventListener(`hashchange`,this.begin),this.begin()}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`hashchange`,this.begin),clearTimeout(this.timer)}get api(){return new Ie(Ve,J(`key`)??``)}async load(){try{this.specs=(await this.api.get(`/v1/specs`)).specs,this.problem=``}catch(e){this.problem=e.message,e instanceof je&&e.status===401&&Y(`key`,null)}this.spec||(this.chosen=this.specs[0]?.id??null),this.watch()}watch(){clearTimeout(this.timer),this.specs.some(e=>e.state===`reading`)&&(this.timer=setTimeout(()=>void this.look(),qe))}async look(){let e=this.specs.filter(e=>e.state===`reading`).map(e=>e.id);try{let t=await Promise.all(e.map(e=>this.api.get(V`/v1/specs/${e}`)));this.specs=this.specs.map(e=>t.find(t=>t.id===e.id)??e);let n=t.filter(e=>e.state!==`reading`);n.length&&(this.announced=n.map(e=>`${Q(e)}: ${X[e.state]}.`).join(` `))}catch(e){this.problem=e.message}this.watch()}get spec(){return this.specs.find(e=>e.id===this.chosen)}get chat(){let{spec:e}=this;return e?.state===`ready`?`/#${new URLSearchParams({spec:e.id,...this.connection&&{connection:this.connection}})}`:`/`}render(){return k`<header class="bar"><h1>Console</h1>
        ${J(`key`)?k`<button class="quiet small" @click=${this.leave}>Use another key</button>`:j}<a href=${this.chat}>Chat</a></header>
      <main class="page">
        ${J(`key`)?k`${this.upload()}${this.documents()}${this.detail()}`:this.entry()}
      </main>
      <div class="unseen" aria-live="polite">${this.announced}</div>`}entry(){return k`<form class="card" @submit=${this.enter}>
      <h2>Open the console</h2>
      <label>API key <input name="key" type="password" autocomplete="off" required></label>
      <div role="alert">${this.problem?k`<p class="problem">${this.problem}</p>`:j}</div>
      <div class="actions"><button class="main">Continue</button></div>
    </form>`}upload(){return k`<form class="card" @submit=${this.send}>
      <h2>Upload a document</h2>
      <label>OpenAPI document (JSON or YAML, also .gz) <input name="file" type="file" accept=".json,.yaml,.yml,.gz" required></label>
      <div role="alert">${this.problem?k`<p class="problem">${this.problem}</p>`:j}</div>
      <div class="actions"><button class="main" ?disabled=${this.uploading}>${this.uploading?`Uploading…`:`Upload`}</button></div>
    </form>`}documents(){return this.specs.length?k`<section class="card" aria-labelledby="documents">
      <h2 id="documents">Documents</h2>
      <ul class="documents">${this.specs.map(e=>k`<li>
        <button aria-current=${e.id===this.chosen} @click=${()=>this.chosen=e.id}>
          <span><strong>${Q(e)}</strong> ${e.version??``}</span>
          <span class="muted">${X[e.state]}${e.state===`ready`?` · ${Z(e.operations,`operation`)} · ${Z(e.problems.length,`problem`)}`:``}</span>
        </button></li>`)}</ul>
    </section>`:j}detail(){let{spec:e}=this;return e?k`<parlance-spec .spec=${e} @remove=${()=>this.discard(e.id)}>${e.state===`ready`?k`<p><a class="main" href=${this.chat}>Try it in the chat</a></p>`:j}</parlance-spec>
      ${e.state===`ready`?k`<parlance-settings .spec=${e.id} .api=${this.api}></parlance-settings>
            <parlance-connections .spec=${e.id} .api=${this.api} @connections=${e=>this.connection=e.detail}></parlance-connections>`:j}`:j}async discard(e){try{await this.api.send(`DELETE`,V`/v1/specs/${e}`),this.specs=this.specs.filter(t=>t.id!==e),this.chosen=this.specs[0]?.id??null,this.announced=`Removed.`}catch(e){this.problem=e.message}}};return customElements.define(`parlance-console`,Je),e.Console=Je,e})({});