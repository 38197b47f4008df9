// In the place of injector.js where RingCentral's adapter is not packaged: nothing is added to any page.
export const addScript = () => false;
export const disposeAdapter = () => false;
